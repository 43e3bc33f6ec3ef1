import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LOCAL_HOST } from "@atelier/core";
import { identify } from "../../src/executors/process-identity";
import { pidOf } from "../support/workplace";
import type { TestHost } from "./test-host";

const CHECKOUT = fileURLToPath(new URL("../../../..", import.meta.url));
/** `npm test` names the one that it has installed; a test file run by itself takes the checkout's. */
export const PYTHON = process.env.ATELIER_TRAINER_PYTHON ?? join(CHECKOUT, ".atelier/venvs/trainer/bin/python");

/** The worker's own machine. It is there whenever the worker is. */
export const localHost: TestHost = {
	name: LOCAL_HOST,
	missing: existsSync(PYTHON) ? null : `no trainer at ${PYTHON}; npm start or npm test installs it`,
	async start() {
		return {
			host: LOCAL_HOST,
			variables: { ATELIER_TRAINER_PYTHON: PYTHON, ATELIER_TRAINER_PATH: join(CHECKOUT, "packages/trainer") },
			async kill(attempt) {
				process.kill(-pidOf(attempt), "SIGKILL");
			},
			async isRunning(attempt) {
				return (await identify(pidOf(attempt))) !== null;
			},
			sever: null,
			async stop() {},
		};
	},
};
