import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { AppError, type Preset, preset, type Suite, suite } from "@atelier/core";
import { parse } from "yaml";
import type { z } from "zod";

async function readAll<T>(folder: string, schema: z.ZodType<T>): Promise<T[]> {
	const files = (await readdir(folder)).filter((file) => file.endsWith(".yaml")).sort();
	return Promise.all(
		files.map(async (file) => {
			const parsed = schema.safeParse(parse(await readFile(join(folder, file), "utf8")));
			if (parsed.success) return parsed.data;
			const problem = parsed.error.issues[0];
			throw new AppError("BAD_DATA", `suites: ${basename(file)}, at "${problem?.path.join(".")}": ${problem?.message}`);
		}),
	);
}

/** The suite files as they are now, so that editing one needs no restart. */
export const readSuites = (folder: string): Promise<Suite[]> => readAll(folder, suite);
export const readPresets = (folder: string): Promise<Preset[]> => readAll(join(folder, "presets"), preset);

/** @throws AppError BAD_REQUEST that lists the names there are. */
export function named<T extends { name: string }>(kind: string, all: readonly T[], name: string): T {
	const found = all.find((one) => one.name === name);
	if (found !== undefined) return found;
	throw new AppError("BAD_REQUEST", `Unknown ${kind} "${name}". There are: ${all.map((one) => one.name).join(", ")}.`);
}
