import {
	AppError,
	MODEL_PACKAGES,
	type ModelName,
	type ModelPins,
	modelOf,
	type PlannedStage,
	pinName,
} from "@atelier/core";
import { folderIdentity } from "./folder-identity";
import { hubCommit } from "./hub-cache";

/**
 * What the models that planned stages take from elsewhere stand for now.
 *
 * @param hubCache folder of the Hugging Face cache
 * @throws AppError that says which model cannot be told, and what to do
 */
export async function pinModels(
	stages: Iterable<Pick<PlannedStage, "kind" | "params">>,
	hubCache: string,
	signal?: AbortSignal,
): Promise<ModelPins> {
	const pins = new Map<string, string>();
	for (const { kind, params } of stages) {
		const model = modelOf(kind, params);
		if (model === null || pins.has(pinName(model))) continue;
		pins.set(pinName(model), await resolve(model, hubCache, signal));
	}
	return pins;
}

async function resolve({ from, name }: ModelName, hubCache: string, signal?: AbortSignal): Promise<string> {
	switch (from) {
		case "hub":
			return hubCommit(name, hubCache);
		case "path":
			return folderIdentity(name, signal);
		case "package": {
			const version = MODEL_PACKAGES[name];
			if (version !== undefined) return version;
			const known = Object.keys(MODEL_PACKAGES).join(", ");
			throw new AppError("BAD_REQUEST", `No pip package holds a model "${name}". There are: ${known}.`);
		}
	}
}
