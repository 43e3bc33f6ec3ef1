import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Preset, preset } from "@atelier/core";
import { parse } from "yaml";

/** A shipped preset. */
export async function readPreset(name: string): Promise<Preset> {
	const file = fileURLToPath(new URL(`../../../../suites/presets/${name}.yaml`, import.meta.url));
	return preset.parse(parse(await readFile(file, "utf8")));
}
