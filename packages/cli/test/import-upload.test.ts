import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PIECE_BYTES } from "@atelier/core";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { z } from "zod";
import { atelier } from "./command-line";
import { type Console, startConsole } from "./console";

let running: Console;
let mine: string;
let open: string;
beforeAll(async () => {
	mine = await realpath(await mkdtemp(join(tmpdir(), "atelier-mine-")));
	open = await realpath(await mkdtemp(join(tmpdir(), "atelier-open-")));
	running = await startConsole([open]);
});
afterAll(async () => {
	await running?.stop();
	for (const folder of [mine, open]) await rm(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

const requestSchema = z.object({
	path: z.string(),
	upload: z.string().optional(),
	mapping: z.string().optional(),
	itemsPath: z.string().optional(),
});

async function requestOf(name: string) {
	const dataset = await running.db.dataset.findUniqueOrThrow({ where: { name } });
	return requestSchema.parse(dataset.request);
}

const run = (...args: string[]) => atelier(running, "dataset", "import", ...args, "--detach");
const LOG = "user_id:token\titem_id:token\n1\t2\n";

it("a file that the console may not read is handed over, and its companion with it", async () => {
	await writeFile(join(mine, "log.inter"), LOG);
	await writeFile(join(mine, "log.item"), "item_id:token\n2\n");
	const outcome = await run(join(mine, "log.inter"), "--format", "recbole", "--name", "handed");
	expect(outcome).toMatchObject({ code: 0 });
	const request = await requestOf("handed");
	expect(request.upload).toMatch(/^[0-9a-f]{32}$/);
	expect(request.path).toBe(join(running.home, "uploads", request.upload ?? "", "data"));
	expect((await readdir(request.path)).sort()).toEqual(["log.inter", "log.item"]);
	expect(await readFile(join(request.path, "log.inter"), "utf8")).toBe(LOG);
});

it("a file that the console may read is not copied", async () => {
	await writeFile(join(open, "log.inter"), LOG);
	expect(await run(join(open, "log.inter"), "--format", "recbole", "--name", "by-path")).toMatchObject({ code: 0 });
	expect(await requestOf("by-path")).toEqual({ path: join(open, "log.inter") });
});

it("a link in an open folder that leads out is followed here and handed over, not followed there", async () => {
	await mkdir(join(open, "linked"));
	await writeFile(join(mine, "elsewhere.inter"), LOG);
	await symlink(join(mine, "elsewhere.inter"), join(open, "linked", "log.inter"));
	expect(await run(join(open, "linked"), "--format", "recbole", "--name", "linked")).toMatchObject({ code: 0 });
	const request = await requestOf("linked");
	expect((await stat(join(request.path, "log.inter"))).isFile()).toBe(true);
	expect(request.upload).toBeDefined();
});

it("a mapping and an item file travel along", async () => {
	await mkdir(join(mine, "shop"));
	await writeFile(join(mine, "shop", "log.csv"), "u,i\n1,2\n");
	await writeFile(
		join(mine, "my.yaml"),
		"interactions:\n  - {file: log.csv, userId: u, itemId: i, action: purchase}\n",
	);
	const mapped = await run(
		join(mine, "shop"),
		"--format",
		"mapping",
		"--mapping",
		join(mine, "my.yaml"),
		"--name",
		"mapped",
	);
	expect(mapped).toMatchObject({ code: 0 });
	const request = await requestOf("mapped");
	expect(request.mapping).toBe(join(running.home, "uploads", request.upload ?? "", "mapping", "my.yaml"));

	await writeFile(join(mine, "beauty.txt"), "1 2 3\n");
	await writeFile(join(mine, "beauty_items.csv"), "item_id\n2\n");
	expect(await run(join(mine, "beauty.txt"), "--format", "sequences", "--name", "beauty")).toMatchObject({ code: 0 });
	const sequences = await requestOf("beauty");
	expect(sequences.path.endsWith(join("data", "beauty.txt"))).toBe(true);
	expect(sequences.itemsPath?.endsWith(join("items", "beauty_items.csv"))).toBe(true);
});

it("an upload that the console cut off goes on where it stopped when the command is given again", async () => {
	const bytes = randomBytes(3 * PIECE_BYTES + 5);
	await writeFile(join(mine, "big.inter"), bytes);
	const real = fetch;
	const put: string[] = [];
	let isDown = false;
	vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
		if (init?.method === "PUT") {
			if (put.length === 2) isDown = true;
			if (isDown) return Promise.resolve(Response.json({ code: "BAD_DATA", message: "cut off" }, { status: 422 }));
			put.push(String(input));
		}
		return real(input, init);
	});
	const args = [join(mine, "big.inter"), "--format", "recbole", "--name", "big"];
	expect(await run(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining("cut off") });
	vi.restoreAllMocks();
	const again: string[] = [];
	vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
		if (init?.method === "PUT") again.push(String(input));
		return real(input, init);
	});
	expect(await run(...args)).toMatchObject({ code: 0 });
	expect(again).toHaveLength(2);
	const { path } = await requestOf("big");
	expect((await readFile(join(path, "big.inter"))).equals(bytes)).toBe(true);
});

it.each([
	["what is not there", () => join(mine, "nowhere"), /There is no readable file or folder at .*nowhere/],
	["a folder without files", () => join(mine, "empty"), /There are no files in/],
])("%s is bad usage", async (_what, path, message) => {
	await mkdir(join(mine, "empty"), { recursive: true });
	const outcome = await run(path(), "--format", "recbole", "--name", "none");
	expect(outcome).toMatchObject({ code: 2, stderr: expect.stringMatching(message) });
});

it("a piece without the token, or for an upload that is none, is refused", async () => {
	const put = (address: string, token: string) =>
		fetch(`${running.env.ATELIER_URL}/api/uploads/${address}`, {
			method: "PUT",
			headers: { authorization: `Bearer ${token}`, "x-atelier-sha256": "0".repeat(64) },
			body: "x",
		});
	const { ATELIER_CLI_TOKEN: token } = running.env;
	expect((await put(`${"0".repeat(32)}/0/0`, "guess")).status).toBe(401);
	expect((await put(`${"0".repeat(32)}/0/0`, token)).status).toBe(404);
	expect((await put("..%2f..%2fsecret/0/0", token)).status).toBe(400);
	expect((await put(`${"0".repeat(32)}/-1/0`, token)).status).toBe(400);
});
