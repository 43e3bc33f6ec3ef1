import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sealToken } from "@atelier/jobs";
import { openStore } from "@atelier/store";
import { markedProcesses } from "../../../../scripts/lib/marked-processes.mjs";
import { isRayInstalled } from "../../../../scripts/lib/ray-environment.mjs";
import { startRayHead } from "../../../../scripts/lib/ray-head.mjs";
import { FaultProxy } from "../faults/fault-proxy";
import { startArtifactServer, TEST_SECRET } from "../support/artifact-server";
import { PYTHON } from "./local-host";
import type { SeenAttempt, TestHost } from "./test-host";

const TRAINER = fileURLToPath(new URL("../../../../packages/trainer", import.meta.url));
const HOST = "gpu-1";

function whyMissing(): string | null {
	if (process.platform !== "linux") return "its processes are found on Linux alone";
	if (!isRayInstalled()) return "Ray is not installed; npm test and npm run ray-head install it";
	return existsSync(PYTHON) ? null : `no trainer at ${PYTHON}`;
}

/** A Ray head on this machine, with a folder of its own and no path shared: what passes goes through two proxies. */
export const rayHost: TestHost = {
	name: "ray",
	missing: whyMissing(),
	async start(place) {
		const folder = await mkdtemp(join(tmpdir(), "atl-ray-"));
		const head = await startRayHead({ folder, cpus: 4 });
		const artifacts = await startArtifactServer(place.db, openStore({ home: place.home }));
		const to = (url: string) => () => ({ host: "127.0.0.1", port: Number(new URL(url).port) });
		// Nothing is hurt here; they are there to be cut.
		const whole = { seed: 1, oneIn: 1 };
		const [cluster, console] = await Promise.all([
			FaultProxy.open(to(head.address), whole),
			FaultProxy.open(to(artifacts.url), whole),
		]);
		await place.db.host.create({
			data: {
				...{ name: HOST, kind: "ray", address: `http://127.0.0.1:${cluster.port}`, slots: 4 },
				token: sealToken(head.token, TEST_SECRET, HOST),
				settings: { environment: "image", python: PYTHON, artifactsUrl: `http://127.0.0.1:${console.port}` },
			},
		});
		const processes = ({ id }: SeenAttempt) => markedProcesses({ mark: `ATELIER_REMOTE_ATTEMPT=${id}` });
		return {
			host: HOST,
			variables: {
				ATELIER_TRAINER_PYTHON: PYTHON,
				ATELIER_TRAINER_PATH: TRAINER,
				ATELIER_SECRET: TEST_SECRET,
				ATELIER_HOST_SILENT_SECONDS: "15",
			},
			async kill(attempt) {
				for (const { pid } of processes(attempt)) process.kill(pid, "SIGKILL");
			},
			async isRunning(attempt) {
				return processes(attempt).length > 0;
			},
			async sever() {
				const back = [cluster.cutOff(), console.cutOff()];
				return async () => {
					for (const restore of back) restore();
				};
			},
			async stop() {
				await head.stop();
				await Promise.all([cluster.close(), console.close()]);
				await artifacts.close();
				await rm(folder, { recursive: true, force: true });
			},
		};
	},
};
