/** `npm run schemas`: writes the JSON Schemas of the contracts into the trainer's package, and removes what is none. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { SCHEMA_FOLDER, schemaFiles } from "./schema-files";

const files = schemaFiles();
for (const name of readdirSync(SCHEMA_FOLDER)) {
	if (name.endsWith(".json") && !files.has(name)) rmSync(new URL(name, SCHEMA_FOLDER));
}
for (const [name, text] of files) writeFileSync(new URL(name, SCHEMA_FOLDER), text);
console.log(`${files.size} schemas written.`);
