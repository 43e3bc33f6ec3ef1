import { Command } from "commander";
import { connect, toAppError } from "../client";
import { readEnv } from "../env";
import { print, printJson } from "../output";

interface Check {
	name: string;
	ok: boolean;
	detail: string;
}

async function examine(): Promise<Check[]> {
	const node: Check = {
		name: "Node",
		ok: Number(process.versions.node.split(".")[0]) >= 20,
		detail: process.versions.node,
	};
	try {
		const { url, home } = readEnv();
		const status = await connect().system.status.query();
		const { worker, trainer } = status;
		return [
			node,
			{ name: "console", ok: true, detail: `${url}, version ${status.version}` },
			{ name: "data folder", ok: true, detail: home },
			{ name: "worker", ok: worker.alive, detail: worker.alive ? "alive" : "not seen lately: is npm start running?" },
			{
				name: "trainer",
				ok: trainer.state === "ready",
				detail: [trainer.state, trainer.step, trainer.message].filter(Boolean).join(": "),
			},
		];
	} catch (error) {
		return [node, { name: "console", ok: false, detail: toAppError(error).message }];
	}
}

export const doctorCommand = () =>
	new Command("doctor")
		.description("check what Atelier needs; exit code 1 when something is amiss")
		.option("--json", "print one JSON document")
		.action(async (options: { json?: boolean }) => {
			const checks = await examine();
			if (options.json) printJson(checks);
			else for (const check of checks) print(`${check.ok ? "ok  " : "FAIL"}  ${check.name.padEnd(12)} ${check.detail}`);
			if (checks.some((check) => !check.ok)) process.exitCode = 1;
		});
