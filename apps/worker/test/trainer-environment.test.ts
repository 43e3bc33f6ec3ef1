import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEnv } from "../src/env";
import { inheritedByTrainer } from "../src/executors/inherited-by-trainer";

describe("a trainer process", () => {
	const SECRETS = {
		ATELIER_SECRET: "signs sessions and seals what hosts tell",
		ATELIER_CLI_TOKEN: "acts for the owner",
		DATABASE_URL: "postgresql://atelier:password@127.0.0.1/atelier",
		PGPASSWORD: "password",
		AWS_SECRET_ACCESS_KEY: "key",
		GITHUB_TOKEN: "token",
		NODE_OPTIONS: "--inspect",
	};
	const NEEDED = {
		PATH: "/usr/bin",
		HOME: "/home/someone",
		LC_ALL: "C.UTF-8",
		CUDA_VISIBLE_DEVICES: "1",
		HF_TOKEN: "for gated models",
		HF_HOME: "/models",
		ONEDNN_MAX_CPU_ISA: "AVX2",
		ATEN_CPU_CAPABILITY: "avx2",
		https_proxy: "http://proxy:3128",
		SystemRoot: "C:\\Windows",
	};

	it("inherits what Python, torch and the hub read, and none of the worker's secrets", () => {
		expect(inheritedByTrainer({ ...SECRETS, ...NEEDED })).toEqual(NEEDED);
	});

	it("gets more by name, but never the record, the secret or the token", () => {
		const asked = inheritedByTrainer({ ...SECRETS, WANDB_MODE: "offline", WANDBERER: "no" }, [
			...["WANDB_*", "AWS_SECRET_ACCESS_KEY", "ATELIER_*", "DATABASE_URL", "PG*"],
		]);
		expect(asked).toEqual({ WANDB_MODE: "offline", AWS_SECRET_ACCESS_KEY: "key" });
	});

	it("is given a list of names that can be read, or the worker says what it wants", () => {
		const env = { DATABASE_URL: "postgresql://x", ATELIER_HOME: "/x", ATELIER_TRAINER_PYTHON: "python3" };
		expect(readEnv({ ...env, ATELIER_TRAINER_ENV: "A_*, B" }).ATELIER_TRAINER_ENV).toEqual(["A_*", "B"]);
		expect(() => readEnv({ ...env, ATELIER_TRAINER_ENV: "*" })).toThrow(/ATELIER_TRAINER_ENV: wants names/);
	});

	describe("as it was started", () => {
		let folder: string;
		beforeEach(async () => {
			folder = await mkdtemp(join(tmpdir(), "atelier-environment-"));
		});
		afterEach(() => rm(folder, { recursive: true, force: true }));

		it("sees nothing of the worker's secrets", async () => {
			// A worker's own process, since the environment and the umask belong to a process.
			const print = "import json, os; json.dump(dict(os.environ), open('seen.json', 'w'))";
			await writeFile(join(folder, "atelier_trainer.py"), print);
			const command = JSON.stringify(new URL("../src/executors/trainer-command.ts", import.meta.url).href);
			const readers = JSON.stringify(new URL("../src/env.ts", import.meta.url).href);
			const script = `
				const { startTrainer } = await import(${command});
				const { readEnv } = await import(${readers});
				startTrainer(readEnv(), "run", "spec.json", ${JSON.stringify(folder)}).ref();`;
			const env = {
				...process.env,
				...SECRETS,
				NODE_OPTIONS: "",
				ATELIER_HOME: folder,
				ATELIER_TRAINER_PYTHON: "python3",
				ATELIER_TRAINER_PATH: folder,
			};
			const args = ["--import", "tsx", "--input-type=module", "-e", script];
			const [code] = await once(spawn(process.execPath, args, { env, stdio: "inherit" }), "exit");
			expect(code).toBe(0);
			const seen: unknown = JSON.parse(await readFile(join(folder, "seen.json"), "utf8"));
			expect(seen).toHaveProperty("PATH");
			for (const name of Object.keys(SECRETS)) expect(seen).not.toHaveProperty(name);
		});
	});
});
