import { cpus } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { storeVariables } from "@atelier/store";
import { z } from "zod";
import { inheritedByTrainer } from "./executors/inherited-by-trainer";

const threads = z.coerce.number().int().min(1).max(256);

const schema = z.object({
	...storeVariables,
	/** `postgresql://…` of the record. */
	DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgresql:// address"),
	/** Folder of everything that a checkout makes. */
	ATELIER_HOME: z
		.string()
		.min(1)
		.transform((path) => resolve(path)),
	/** Python of the trainer's environment; need not exist yet. */
	ATELIER_TRAINER_PYTHON: z.string().min(1),
	/** Folder that holds the package `atelier_trainer`. */
	ATELIER_TRAINER_PATH: z.string().default(fileURLToPath(new URL("../../../packages/trainer", import.meta.url))),
	/** Folders, as in PATH, below which imports and models may be read; uploads may always. */
	ATELIER_FILES: z.string().default(""),
	/** The console's secret: tokens of hosts are sealed with it. Only hosts with a token need it. */
	ATELIER_SECRET: z.string().min(32, "wants the console's secret, which has 32 characters at least").optional(),
	/** Where the console answers: hosts whose settings name nothing else fetch artifacts there. */
	ATELIER_URL: z.url().optional(),
	/** How long a stage on a host may say nothing before a word of its cluster's counts (docs/decisions/0022-remote-stages.md). */
	ATELIER_HOST_SILENT_SECONDS: z.coerce.number().positive().default(60),
	/** Stages that run at once on this machine. */
	ATELIER_WORKER_SLOTS: threads.default(cpus().length),
	/** Threads of one trainer process. */
	ATELIER_TRAINER_THREADS: threads.default(1),
	/** Least time between two checkpoints of a stage that trains. */
	ATELIER_CHECKPOINT_SECONDS: z.coerce.number().positive().default(180),
	/** More variables that trainer processes inherit: names with commas between, `*` at the end of a name for any rest. */
	ATELIER_TRAINER_ENV: z
		.string()
		.default("")
		.transform((names) => names.split(",").map((name) => name.trim()))
		.transform((names) => names.filter((name) => name !== ""))
		.refine(
			(names) => names.every((name) => /^\w+\*?$/.test(name)),
			"wants names with commas between, as in WANDB_*,MY_PROXY",
		),
});

export type WorkerEnv = z.infer<typeof schema>;

/** @throws Error that names each variable that is wrong and what it wants. */
export function readEnv(source: Record<string, string | undefined> = process.env): WorkerEnv {
	const parsed = schema.safeParse(source);
	if (parsed.success) return parsed.data;
	const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
	throw new Error(`The worker's environment is not right:\n${problems.join("\n")}`);
}

/** What a trainer process inherits, and what it is told besides. */
export function trainerEnvironment(env: WorkerEnv, told: Record<string, string>): Record<string, string> {
	return { ...inheritedByTrainer(process.env, env.ATELIER_TRAINER_ENV), ...told };
}

/** What the process of an import inherits: it needs neither the record nor a secret. */
export function importEnvironment(): Record<string, string> {
	return inheritedByTrainer(process.env);
}
