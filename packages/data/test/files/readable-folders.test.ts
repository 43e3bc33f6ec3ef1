import { link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importDataset, type ReadableFolders, readableFolders, readablePath, refuseModelOutside } from "../../src";

const SECRET = "root:$6$not-for-your-eyes";
const LOG = "user_id:token\titem_id:token\n1\t2\n1\t3\n1\t4\n";

let base: string;
let readable: ReadableFolders;
const at = (...names: string[]) => join(base, ...names);

beforeAll(async () => {
	base = await realpath(await mkdtemp(join(tmpdir(), "atelier-doors-")));
	for (const folder of [
		"open/shop",
		"open/.home/uploads/u1",
		"open/.home/store",
		"outside/shop",
		"open-beside",
		"models/clip",
	])
		await mkdir(at(folder), { recursive: true });
	for (const file of [
		"outside/shadow",
		"outside/log.inter",
		"open-beside/x",
		"open/.home/secret",
		"open/.home/store/x",
	])
		await writeFile(at(file), SECRET);
	await writeFile(at("open/shop/log.inter"), LOG);
	await writeFile(at("open/.home/uploads/u1/log.inter"), LOG);
	await symlink(at("outside/shadow"), at("open/link-to-file"));
	await symlink(at("outside"), at("open/link-to-folder"));
	await symlink(at("open/link-to-folder"), at("open/link-to-link"));
	await symlink("../outside/shadow", at("open/relative-link"));
	await symlink(at("open/.home"), at("open/link-to-home"));
	await symlink("/proc/self", at("open/link-to-proc"));
	await symlink(at("open/shop/log.inter"), at("open/good-link.inter"));
	readable = readableFolders({ named: [at("open"), at("models")].join(delimiter), home: at("open/.home") });
});
afterAll(() => rm(base, { recursive: true, force: true }));

/** Every way out that we could think of; `at` is only known once the folders are there. */
const WAYS_OUT: [string, () => string][] = [
	["a system file", () => "/etc/shadow"],
	["a system folder", () => "/etc"],
	["the root", () => "/"],
	["a folder beside whose name begins alike", () => at("open-beside/x")],
	["the folder above", () => base],
	["dots", () => `${at("open")}/../outside/shadow`],
	["dots after a folder that is not there", () => `${at("open")}/nowhere/../../outside/shadow`],
	["dots at the end", () => `${at("open/shop")}/../..`],
	["doubled slashes and dots", () => `${at("open")}//.//..//outside//shadow`],
	["a link to a file", () => at("open/link-to-file")],
	["a relative link", () => at("open/relative-link")],
	["a link to a folder", () => at("open/link-to-folder")],
	["a file behind a link to a folder", () => at("open/link-to-folder/shadow")],
	["a link to a link", () => at("open/link-to-link/shadow")],
	["dots behind a link", () => `${at("open/link-to-folder")}/../outside/shadow`],
	["the kernel's view of the root", () => `/proc/self/root${at("outside/shadow")}`],
	["the kernel's view of an allowed file", () => `/proc/self/root${at("open/shop/log.inter")}`],
	["the working folder by the kernel", () => "/proc/self/cwd"],
	["the environment of the process", () => "/proc/self/environ"],
	["an open file by number", () => "/proc/self/fd/0"],
	["the same under its other name", () => "/dev/fd/0"],
	["standard input", () => "/dev/stdin"],
	["the environment behind a link", () => at("open/link-to-proc/environ")],
	["a secret of the home", () => at("open/.home/secret")],
	["the home", () => at("open/.home")],
	["the store", () => at("open/.home/store/x")],
	["the home behind a link", () => at("open/link-to-home/secret")],
	["the home from the uploads", () => `${at("open/.home/uploads/u1")}/../../secret`],
	["the home in other letters", () => at("open/.HOME/secret")],
	["a relative path", () => "outside/shadow"],
	["a home's shorthand", () => "~/shadow"],
	["an address", () => `file://${at("outside/shadow")}`],
	["a percent-encoded path", () => at("open/%2e%2e/outside/shadow")],
	["a zero byte", () => `${at("outside/shadow")}\0${at("open")}`],
	["nothing", () => ""],
];

describe("no way out of the folders that are open", () => {
	it.each(WAYS_OUT)("%s", async (_what, path) => {
		const refused = await readablePath(readable, path()).then(
			() => null,
			(error: unknown) => error,
		);
		expect(refused).toMatchObject({ code: "BAD_REQUEST" });
		expect(String(refused)).not.toContain(SECRET);
	});

	it.each(WAYS_OUT)("%s, as what is imported, as mapping, as item file and as model", async (_what, given) => {
		const path = given();
		const store = at("store");
		const good = at("open/shop/log.inter");
		const tries = [
			importDataset({ path, format: "recbole", name: "x" }, { store, readable }),
			importDataset({ path: at("open/shop"), format: "mapping", mapping: path, name: "x" }, { store, readable }),
			importDataset({ path: good, format: "sequences", itemsPath: path, name: "x" }, { store, readable }),
			refuseModelOutside(readable, { kind: "base-model", params: { source: "path", model: path || "." } }),
			refuseModelOutside(readable, { kind: "title-encoder", params: { encoder: "clip", model: path || "." } }).then(
				() => {
					// `outside/shadow` has the form of a hub's id: it is looked up there, never here.
					if (/^\w+\/\w+$/.test(path)) throw Object.assign(new Error("hub"), { code: "BAD_REQUEST" });
				},
			),
		];
		for (const outcome of await Promise.allSettled(tries)) {
			expect(outcome).toMatchObject({ status: "rejected", reason: { code: "BAD_REQUEST" } });
			if (outcome.status === "rejected") expect(String(outcome.reason)).not.toContain(SECRET);
		}
	});
});

describe("what is open stays open", () => {
	it.each([
		["a file", () => at("open/shop/log.inter")],
		["a link that stays inside", () => at("open/good-link.inter")],
		["an upload", () => at("open/.home/uploads/u1/log.inter")],
		["dots that stay inside", () => `${at("open/shop")}/../shop/log.inter`],
	])("%s can be imported", async (_what, path) => {
		const request = { path: path(), format: "recbole", name: "x" } as const;
		const { manifest } = await importDataset(request, { store: at("store"), readable });
		expect(manifest.sources).toHaveLength(1);
	});

	it("a model in an open folder, and a hub's id, can be used", async () => {
		const kind = "base-model";
		await refuseModelOutside(readable, { kind, params: { source: "path", model: at("models/clip") } });
		await refuseModelOutside(readable, { kind, params: { source: "hub", model: "tiiuae/falcon-7b" } });
	});
});

describe("links inside an open folder", () => {
	it("a folder in which a file is a link that leads out is not imported", async () => {
		const folder = at("open/linked");
		await mkdir(folder, { recursive: true });
		await symlink(at("outside/log.inter"), join(folder, "log.inter"));
		const running = importDataset({ path: folder, format: "recbole", name: "x" }, { store: at("store"), readable });
		await expect(running).rejects.toMatchObject({ code: "BAD_REQUEST", message: expect.stringContaining("log.inter") });
	});

	it("an item file that a format finds by itself is not read behind a link that leads out", async () => {
		await writeFile(at("open/beside.txt"), "1 2 3\n");
		await symlink(at("outside/shadow"), at("open/beside_items.csv"));
		const running = importDataset(
			{ path: at("open/beside.txt"), format: "sequences", name: "x" },
			{ store: at("store"), readable },
		);
		await expect(running).rejects.toMatchObject({ code: "BAD_REQUEST" });
	});

	it("a model with a file that leads out is not loaded", async () => {
		await mkdir(at("models/bad/deep"), { recursive: true });
		await symlink(at("outside/shadow"), at("models/bad/deep/config.json"));
		const params = { source: "path", model: at("models/bad") };
		await expect(refuseModelOutside(readable, { kind: "base-model", params })).rejects.toMatchObject({
			code: "BAD_REQUEST",
		});
	});

	it("a hard link is the file itself, and where it lies counts", async () => {
		await link(at("open/shop/log.inter"), at("open/hard.inter"));
		expect(await readablePath(readable, at("open/hard.inter"))).toBe(at("open/hard.inter"));
	});
});

describe("a file that is not what it should be", () => {
	const TEXTS = [
		SECRET,
		`root: [${SECRET}`,
		`${SECRET}: x`,
		`- ${SECRET}`,
		`&a [*a, ${SECRET}]`,
		`%TAG ${SECRET}`,
		`interactions: ${SECRET}`,
		`interactions:\n  - {file: ${SECRET}, action: {values: {${SECRET}: ${SECRET}}}}`,
		`items: {attributes: {${SECRET}: [1]}}`,
	];
	it.each(TEXTS)("as a mapping is refused without a word of it: %j", async (content) => {
		await writeFile(at("open/shop/map.yaml"), content);
		const request = { path: at("open/shop"), format: "mapping", mapping: at("open/shop/map.yaml"), name: "x" } as const;
		const error = await importDataset(request, { store: at("store"), readable }).then(
			() => null,
			(caught: unknown) => caught,
		);
		expect(error).toMatchObject({ code: "BAD_REQUEST" });
		expect(String(error)).not.toContain("not-for-your-eyes");
		expect(String(error)).toMatch(/line \d+, column \d+|aliases/);
	});

	it("as JSON Lines is refused without a word of it", async () => {
		await writeFile(at("open/shop/items.jsonl"), SECRET);
		await writeFile(at("open/shop/interactions.jsonl"), SECRET);
		const request = { path: at("open/shop"), format: "atelier", name: "x" } as const;
		const error = await importDataset(request, { store: at("store"), readable }).catch((caught: unknown) => caught);
		expect(error).toMatchObject({ code: "BAD_DATA" });
		expect(String(error)).not.toContain("not-for-your-eyes");
	});
});
