import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Console, seedDataset, startConsole } from "./console";

/** What must be in no answer. */
const SECRET = "not-for-your-eyes";

let atelier: Console;
let base: string;
const at = (...names: string[]) => join(base, ...names);

beforeAll(async () => {
	atelier = await startConsole();
	base = await realpath(await mkdtemp(join(tmpdir(), "atelier-api-files-")));
	await mkdir(at("open/home/store"), { recursive: true });
	await mkdir(at("outside/model"), { recursive: true });
	for (const file of [
		"outside/shadow",
		"outside/x.inter",
		"outside/model/config.json",
		"open/home/secret",
		"open/map.yaml",
	])
		await writeFile(at(file), `root:${SECRET}\n`);
	await writeFile(at("open/log.inter"), "user_id:token\titem_id:token\n1\t2\n");
	await symlink(at("outside"), at("open/link"));
	atelier.services.readable.open = [at("open")];
	atelier.services.readable.closed = [at("open/home")];
	await seedDataset(atelier, { id: "a".repeat(16), name: "shop" });
});
afterAll(async () => {
	await atelier.stop();
	await rm(base, { recursive: true, force: true });
});

const PATHS: [string, () => string][] = [
	["a system file", () => "/etc/shadow"],
	["a system folder", () => "/etc"],
	["a file outside", () => at("outside/shadow")],
	["a file outside that is not there", () => at("outside/nothing")],
	["dots", () => `${at("open")}/../outside/shadow`],
	["a link", () => at("open/link/shadow")],
	["the kernel's root", () => `/proc/self/root${at("outside/shadow")}`],
	["the environment", () => "/proc/self/environ"],
	["a secret of the home", () => at("open/home/secret")],
	["the home", () => at("open/home")],
];

async function refusal(call: Promise<unknown>): Promise<string> {
	const error = await call.then(
		() => null,
		(caught: unknown) => caught,
	);
	expect(error).toMatchObject({ code: "BAD_REQUEST" });
	expect(String(error)).not.toContain(SECRET);
	return String(error);
}

describe("what a request names outside the open folders is not read", () => {
	it.each(PATHS)("%s, as what is imported", async (_what, path) => {
		await refusal(atelier.owner.datasets.import({ path: path(), format: "recbole", name: "x" }));
	});
	it.each(PATHS)("%s, as a mapping", async (_what, path) => {
		const request = { path: at("open"), format: "mapping", mapping: path(), name: "x" } as const;
		await refusal(atelier.owner.datasets.import(request));
	});
	it.each(PATHS)("%s, as an item file", async (_what, path) => {
		const request = { path: at("open/log.inter"), format: "sequences", itemsPath: path(), name: "x" } as const;
		await refusal(atelier.owner.datasets.import(request));
	});
	it.each(PATHS)("%s, as a base model and as an encoder, planned and launched", async (_what, path) => {
		const sets: Record<string, string>[] = [
			{ "baseModel.source": "path", "baseModel.model": path() },
			{ "baseModel.source": "hub", "baseModel.model": path() },
			{ "encodeQueries.encoder": "clip", "encodeQueries.model": path() },
			{ "titleEncoder.encoder": "clip", "titleEncoder.model": path() },
		];
		for (const set of sets) {
			const request = { suite: "table2", datasets: ["shop"], methods: ["ours"], set };
			await refusal(atelier.owner.launch.plan(request));
			await refusal(atelier.owner.launch.create(request));
		}
	});
});

it("whether a file exists outside is not told", async () => {
	const ask = (path: string) => refusal(atelier.owner.datasets.import({ path, format: "recbole", name: "x" }));
	const there = await ask(at("outside/shadow"));
	const missing = await ask(at("outside/nothing"));
	expect(missing.replace("nothing", "shadow")).toBe(there);
});

it("what is inside can be imported", async () => {
	const started = await atelier.owner.datasets.import({ path: at("open/log.inter"), format: "recbole", name: "log" });
	expect(started.name).toBe("log");
});
