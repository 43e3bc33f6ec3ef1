import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Failure } from "./failure.mjs";
import { root } from "./paths.mjs";

/**
 * Starts the throwaway Postgres that all tests of this run share and names it in `ATELIER_TEST_DATABASE_URL`.
 * @returns {Promise<{ stop: () => Promise<void> }>}
 */
export async function startTestPostgres() {
	const child = spawn(process.execPath, [join(root, "scripts", "test-postgres.mjs")], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const line = await Promise.race([
		once(createInterface({ input: child.stdout }), "line").then(([text]) => String(text)),
		once(child, "exit").then(() => null),
	]);
	if (line === null) throw new Failure("The Postgres for the tests did not start; the lines above say why.");
	process.env.ATELIER_TEST_DATABASE_URL = JSON.parse(line).url;
	return {
		stop: async () => {
			if (child.exitCode !== null || child.signalCode !== null) return;
			const ended = once(child, "exit");
			child.stdin.end();
			await ended;
		},
	};
}
