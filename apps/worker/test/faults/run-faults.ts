import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { explain } from "@atelier/core";
import { home } from "../../../../scripts/lib/paths.mjs";
import { installRay } from "../../../../scripts/lib/ray-environment.mjs";
import { openRemotePlace } from "./remote-place";
import { clusterFault, connectionFaults, type Outcome, workerKills } from "./trials";

const HELP = `npm run faults: hurts the way to a Ray host, the host and the worker, and checks that nothing comes of it.

Starts a record, a worker and a Ray head of its own, with a proxy in each way between them. Time-outs and resets of
connections; the raylet killed and the head restarted under a training; the worker killed at random moments. Then: no stage
begun again that need not be, never two at once, and no event lost or doubled.

  --faults N     time-outs and resets (25)
  --kills N      kills of the worker (10)
  --seed N       of moments and kinds (1)
  --only NAME    connections, raylet, head or worker
  --out FILE     also writes the report there`;

const { values } = parseArgs({
	options: {
		faults: { type: "string", default: "25" },
		kills: { type: "string", default: "10" },
		seed: { type: "string", default: "1" },
		only: { type: "string" },
		out: { type: "string" },
		help: { type: "boolean", default: false },
	},
});
if (values.help) {
	console.log(HELP);
	process.exit(0);
}
const python = process.env.ATELIER_TRAINER_PYTHON ?? join(home, "venvs", "trainer", "bin", "python");
if (!existsSync(python)) {
	console.error(`No trainer at ${python}: npm start or npm test installs it.`);
	process.exit(1);
}
const why = await installRay();
if (why !== null) {
	console.error(`Ray cannot be had, so nothing of this can be tried: ${why}`);
	process.exit(1);
}

// The test's Postgres is nothing that a program waits for.
setInterval(() => undefined, 60_000);
const seed = Number(values.seed);
const remote = await openRemotePlace({ python, seed });
const trials: [string, () => Promise<Outcome>][] = [
	["connections", () => connectionFaults(remote, Number(values.faults))],
	["raylet", () => clusterFault(remote, "raylet", 1_000 + seed)],
	["head", () => clusterFault(remote, "head", 2_000 + seed)],
	["worker", () => workerKills(remote, Number(values.kills), 3_000 + seed)],
];
const outcomes: (Outcome & { seconds: number })[] = [];
try {
	for (const [name, trial] of trials) {
		if (values.only !== undefined && values.only !== name) continue;
		const from = performance.now();
		const outcome = await trial();
		const seconds = Math.round((performance.now() - from) / 1000);
		outcomes.push({ ...outcome, seconds });
		console.log(`${outcome.name.padEnd(14)} ${outcome.happened} (${seconds} s)`);
		for (const problem of outcome.problems) console.log(`  ${problem}`);
	}
} catch (error) {
	console.error(explain(error));
	process.exitCode = 1;
} finally {
	await remote.close();
}
const isClean =
	outcomes.length > 0 && outcomes.every(({ problems }) => problems.length === 0) && process.exitCode !== 1;
console.log(isClean ? "clean" : "not clean");
if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(outcomes, null, 1)}\n`);
process.exit(isClean ? 0 : 1);
