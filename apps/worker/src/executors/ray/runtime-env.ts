import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostSettings } from "@atelier/core";
import type { TrainerPackage } from "./trainer-package";

/** What Ray sets up around a job: the trainer's code and, where the host has none, its packages. */
export async function runtimeEnv(
	{ environment }: Pick<HostSettings, "environment">,
	{ uri }: TrainerPackage,
	trainerPath: string,
): Promise<Record<string, unknown>> {
	if (environment === "image") return { working_dir: uri };
	// The same list for every build: which PyTorch it names is decided by the index that the host's pip reads.
	const list = await readFile(join(trainerPath, "requirements.txt"), "utf8");
	return { working_dir: uri, pip: { packages: requirementsIn(list), pip_check: false } };
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
