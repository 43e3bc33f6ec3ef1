import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostSettings } from "@atelier/core";
import type { TrainerPackage } from "./trainer-package";

/** What Ray sets up around a job: the trainer's code and, where the host has none, its packages. */
export async function runtimeEnv(
	{ environment, build }: HostSettings,
	{ uri }: TrainerPackage,
	trainerPath: string,
): Promise<Record<string, unknown>> {
	if (environment === "image") return { working_dir: uri };
	const files = ["requirements.txt", ...(build === "cuda" ? ["requirements-cuda.txt"] : [])];
	const lists = await Promise.all(files.map((name) => readFile(join(trainerPath, name), "utf8")));
	return { working_dir: uri, pip: { packages: lists.flatMap(requirementsIn), pip_check: false } };
}

/** The pinned packages of a requirements file. */
export function requirementsIn(text: string): string[] {
	return text
		.split("\n")
		.map((line) => line.replace(/(^|\s)#.*/, "").trim())
		.filter((line) => line !== "" && !line.startsWith("-"));
}

/** The shell command of a job. */
export function entrypoint(
	{ environment, python }: Pick<HostSettings, "environment" | "python">,
	module: string,
	...words: string[]
): string {
	return [environment === "image" ? python : "python", "-m", module, ...words].map(quoted).join(" ");
}

const quoted = (word: string) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
