import { Command } from "commander";
import { connect, toAppError } from "../client";
import { readEnv } from "../env";
import { whileWatching } from "../interrupt";
import { print, printJson } from "../output";
import { checkStore, type StoreCheck } from "./store-check";

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
			{ name: "artifacts", ok: true, detail: status.store },
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

/** The artifacts that the record names, each of which is what was written or not. */
async function examineStore(deep: boolean): Promise<{ check: Check; store: StoreCheck | null }> {
	try {
		const store = await whileWatching("Stopped; what was checked so far is noted.", () => checkStore(connect(), deep));
		const { checked, damaged } = store;
		const how = deep ? "read in full" : "names and sizes; --deep reads every byte";
		const detail = `${checked} artifacts (${how}), ${damaged.length === 0 ? "none" : damaged.length} damaged`;
		return { check: { name: "store", ok: damaged.length === 0, detail }, store };
	} catch (error) {
		return { check: { name: "store", ok: false, detail: toAppError(error).message }, store: null };
	}
}

interface DoctorOptions {
	json?: boolean;
	deep?: boolean;
}

async function doctor({ json = false, deep = false }: DoctorOptions) {
	const checks = await examine();
	const { check, store } = checks.every(({ name, ok }) => name !== "console" || ok)
		? await examineStore(deep)
		: { check: null, store: null };
	if (check !== null) checks.push(check);
	const damaged = store?.damaged ?? [];
	if (json) printJson({ checks, damaged });
	else {
		for (const { ok, name, detail } of checks) print(`${ok ? "ok  " : "FAIL"}  ${name.padEnd(12)} ${detail}`);
		for (const { kind, id, dataset, damage, remedy } of damaged) {
			const what = kind === "dataset" ? `dataset ${dataset}` : `${kind} ${id.slice(0, 12)} on ${dataset}`;
			print(`\n${what}: ${damage}.\n${remedy}`);
		}
	}
	if (checks.some(({ ok }) => !ok)) process.exitCode = 1;
}

export const doctorCommand = () =>
	new Command("doctor")
		.description("check what Atelier needs and what it has stored; exit code 1 when something is amiss")
		.option("--deep", "read every stored byte and compare it with its checksum; Ctrl-C ends it")
		.option("--json", "print one JSON document")
		.action(doctor);
