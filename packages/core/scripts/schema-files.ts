import { trainerSchemas } from "../src";

/** Where the trainer keeps its schemas. */
export const SCHEMA_FOLDER = new URL("../../trainer/atelier_trainer/schemas/", import.meta.url);

/** File name → text of every schema that the trainer ships. */
export function schemaFiles(): Map<string, string> {
	return new Map(
		Object.entries(trainerSchemas()).map(([name, schema]) => [
			`${name}.json`,
			`${JSON.stringify(schema, null, "\t")}\n`,
		]),
	);
}
