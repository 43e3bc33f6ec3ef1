import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
	type ModelFacts,
	type ModelName,
	type ModelPins,
	modelFacts,
	modelOf,
	type PlannedStage,
	pinName,
} from "@atelier/core";

/**
 * The shapes of base models that lie here, in a folder or in the Hugging Face cache, by the key of their stage. A model
 * that a host has yet to download, or that is made by its stage, has none.
 *
 * @param hubCache folder of the Hugging Face cache
 */
export async function readModelFacts(
	stages: Iterable<Pick<PlannedStage, "key" | "kind" | "params">>,
	pins: ModelPins,
	hubCache: string,
): Promise<Map<string, ModelFacts>> {
	const found = new Map<string, ModelFacts>();
	for (const { key, kind, params } of stages) {
		const model = kind === "base-model" ? modelOf(kind, params) : null;
		const folder = model && modelFolder(model, params.resolved ?? pins.get(pinName(model)), hubCache);
		const facts = folder ? modelFacts(await readConfig(folder)) : null;
		if (facts !== null) found.set(key, facts);
	}
	return found;
}

function modelFolder({ from, name }: ModelName, resolved: unknown, hubCache: string): string | null {
	if (from === "path") return name;
	if (from !== "hub" || typeof resolved !== "string") return null;
	const [repository = name] = name.split("@");
	return join(hubCache, `models--${repository.replaceAll("/", "--")}`, "snapshots", resolved);
}

/** What is missing or no JSON is for the stage to tell, which reads all of the model. */
async function readConfig(folder: string): Promise<unknown> {
	try {
		return JSON.parse(await readFile(join(folder, "config.json"), "utf8"));
	} catch {
		return null;
	}
}
