import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../../scripts/lib/paths.mjs";

const run = promisify(execFile);

test("six kills while five launches run: nothing lost, doubled or stuck, and the metrics of an undisturbed run", async () => {
	const args = ["--kills", "6", "--seed", "1", "--methods", "cheap", "--gap", "2000"];
	const script = join(root, "e2e", "kills", "run-kills.ts");
	const { stdout } = await run(process.execPath, ["--import", "tsx", script, ...args], { cwd: root }).catch((error) => {
		throw new Error(`${error.stdout}\n${error.stderr}`);
	});
	expect(stdout).toMatch(/^clean$/m);
	for (const none of ["lost", "doubled", "stuck", "failed starts"]) {
		expect(stdout).toMatch(new RegExp(`^${none.padEnd(16)} 0$`, "m"));
	}
	// Each kind was met, the model server aside, which takes a language model.
	expect(stdout).toMatch(/worker [1-9].*trainer [1-9].*console [1-9].*postgres [1-9].*supervisor [1-9]/);
});
