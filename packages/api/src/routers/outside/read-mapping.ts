import { AppError, messageOf, type OutsideMapping, outsideMapping } from "@atelier/core";
import { parse } from "yaml";

/** A mapping as its YAML file says it. @throws AppError BAD_REQUEST that names what is wrong */
export function readMapping(text: string): OutsideMapping {
	const parsed = outsideMapping.safeParse(parsedYaml(text));
	if (parsed.success) return parsed.data;
	const problem = parsed.error.issues[0];
	const at = problem?.path.join(".");
	throw new AppError("BAD_REQUEST", `The mapping${at ? `, ${at}` : ""}: ${problem?.message}.`);
}

function parsedYaml(text: string): unknown {
	try {
		return parse(text);
	} catch (error) {
		throw new AppError("BAD_REQUEST", `The mapping is no YAML: ${messageOf(error)}`, { cause: error });
	}
}
