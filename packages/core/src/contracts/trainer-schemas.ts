import { z } from "zod";
import { promptForm } from "./prompt-form";
import { remoteSpec } from "./remote-spec";
import { serveSpec } from "./serve-spec";
import { stageParams } from "./stage-params";
import { stageSpecFrame, TRAINER_KINDS } from "./stage-spec";

/** Name → JSON Schema of everything that the trainer is told in JSON: `npm run schemas` writes them into its package. */
export function trainerSchemas(): Record<string, unknown> {
	const schemas = {
		"stage-spec": stageSpecFrame,
		"serve-spec": serveSpec,
		"remote-spec": remoteSpec,
		"prompt-form": promptForm,
		...Object.fromEntries(TRAINER_KINDS.map((kind) => [kind, stageParams[kind]])),
	};
	// As it is written, before zod fills in what may be left out.
	return Object.fromEntries(
		Object.entries(schemas).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: "input" })]),
	);
}
