import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError, PIECE_BYTES, type StartedUpload, sendFiles, type UploadFile } from "@atelier/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UploadStore } from "../../src";
import { safeName } from "../../src/uploads/file-names";

let home: string;
let store: UploadStore;
beforeEach(async () => {
	home = await mkdtemp(join(tmpdir(), "atelier-uploads-"));
	store = new UploadStore(home, 100 << 20);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
/** As a network hands them on: in parts of any length. */
async function* inParts(bytes: Uint8Array) {
	for (let at = 0; at < bytes.length; at += 1_000_003) yield bytes.subarray(at, at + 1_000_003);
}
const file = (name: string, bytes: Uint8Array, role: UploadFile["role"] = "data") => ({
	role,
	name,
	sizeBytes: bytes.length,
});

/** Sends as the clients do; counts what was really sent. `until` breaks the connection for good at that piece. */
async function send(started: StartedUpload, bytes: Uint8Array<ArrayBuffer>, until = Number.POSITIVE_INFINITY) {
	let sent = 0;
	const running = sendFiles(
		started,
		[{ sizeBytes: bytes.length, read: async (at, length) => bytes.slice(at, at + length) }],
		{
			sha256: async (piece) => sha256(piece),
			put: async (index, piece, content, hash) => {
				if (sent === until) throw new AppError("BAD_DATA", "cut");
				await store.receive({ id: started.id, file: index, piece, hash }, inParts(content));
				sent += 1;
			},
			onProgress: () => undefined,
		},
	);
	await running.catch((error: unknown) => {
		if (!(error instanceof AppError) || error.message !== "cut") throw error;
	});
	return sent;
}

describe("an upload", () => {
	const BIG = new Uint8Array(randomBytes(3 * PIECE_BYTES + 12_345));

	it("is on the disk byte for byte once all its pieces are there, and not taken before", async () => {
		const started = await store.begin([file("log.csv", BIG)], "");
		await expect(store.complete(started.id)).rejects.toMatchObject({ code: "CONFLICT" });
		expect(await send(started, BIG)).toBe(4);
		const [there] = await store.complete(started.id);
		expect(sha256(await readFile(there?.path ?? ""))).toBe(sha256(BIG));
		expect((await stat(there?.path ?? "")).mode & 0o077).toBe(0);
	});

	it("that was interrupted goes on where it stopped", async () => {
		const files = [file("log.csv", BIG)];
		expect(await send(await store.begin(files, "1"), BIG, 2)).toBe(2);
		const again = await store.begin(files, "1");
		expect(again.files[0]?.hashes).toHaveLength(2);
		expect(await send(again, BIG)).toBe(2);
		const [there] = await store.complete(again.id);
		expect(sha256(await readFile(there?.path ?? ""))).toBe(sha256(BIG));
	});

	it("of a file that has changed since sends the pieces that differ", async () => {
		const files = [file("log.csv", BIG)];
		await send(await store.begin(files, "1"), BIG, 3);
		const changed = BIG.slice();
		changed[PIECE_BYTES + 7] = (BIG[PIECE_BYTES + 7] ?? 0) ^ 1;
		const again = await store.begin(files, "1");
		expect(await send(again, changed)).toBe(2);
		const [there] = await store.complete(again.id);
		expect(sha256(await readFile(there?.path ?? ""))).toBe(sha256(changed));
	});

	it.each([
		["other bytes than promised", (bytes: Uint8Array) => bytes.map((byte) => byte ^ 1)],
		["too few bytes", (bytes: Uint8Array) => bytes.subarray(1)],
		["too many bytes", (bytes: Uint8Array) => new Uint8Array([...bytes, 1])],
	])("does not count a piece of %s", async (_what, bend) => {
		const bytes = new Uint8Array(randomBytes(10_000));
		const { id } = await store.begin([file("a.csv", bytes)], "");
		const piece = { id, file: 0, piece: 0, hash: sha256(bytes) };
		await expect(store.receive(piece, inParts(bend(bytes)))).rejects.toBeInstanceOf(AppError);
		expect((await store.begin([file("a.csv", bytes)], "")).files[0]?.hashes).toEqual([]);
		await expect(store.complete(id)).rejects.toMatchObject({ code: "CONFLICT" });
	});

	it("takes no piece out of turn, of no file, or past the end", async () => {
		const started = await store.begin([file("log.csv", BIG)], "");
		const at = (place: { file: number; piece: number }) =>
			store.receive({ id: started.id, hash: sha256(BIG), ...place }, inParts(BIG));
		await expect(at({ file: 0, piece: 1 })).rejects.toMatchObject({ code: "CONFLICT" });
		await expect(at({ file: 1, piece: 0 })).rejects.toMatchObject({ code: "NOT_FOUND" });
		await expect(at({ file: 0, piece: 9 })).rejects.toMatchObject({ code: "NOT_FOUND" });
		await expect(store.complete("0".repeat(32))).rejects.toMatchObject({ code: "NOT_FOUND" });
	});

	it("larger than may be is refused before a byte of it is sent, as is more than fits on the disk", async () => {
		const large = { role: "data" as const, name: "a.csv", sizeBytes: (100 << 20) + 1 };
		await expect(store.begin([large], "")).rejects.toMatchObject({ code: "BAD_REQUEST" });
		const boundless = new UploadStore(home);
		await expect(boundless.begin([{ ...large, sizeBytes: 2 ** 52 }], "")).rejects.toMatchObject({
			code: "UNAVAILABLE",
		});
		expect(await readdir(join(home, "uploads")).catch(() => [])).toEqual([]);
	});

	it("is removed after a day, unless an import needs it", async () => {
		const bytes = new Uint8Array(randomBytes(100));
		const ids: string[] = [];
		for (const name of ["old", "needed", "fresh"]) {
			const started = await store.begin([file(`${name}.csv`, bytes)], "");
			await send(started, bytes);
			ids.push(started.id);
		}
		const [old = "", needed = "", fresh = ""] = ids;
		const longAgo = new Date(Date.now() - 25 * 3_600_000);
		for (const id of [old, needed]) {
			for (const name of ["upload.json", "hashes"]) await utimes(join(home, "uploads", id, name), longAgo, longAgo);
		}
		await store.sweep(new Set([needed]));
		expect((await readdir(join(home, "uploads"))).sort()).toEqual([needed, fresh].sort());
	});
});

describe("names", () => {
	it.each([
		["articles.csv", "articles.csv"],
		["Größe & Farbe (2).csv.gz", "Größe & Farbe (2).csv.gz"],
		["../../etc/passwd", "passwd"],
		["..\\..\\windows\\win.ini", "win.ini"],
		["/etc/shadow", "shadow"],
		["..", "file"],
		[".env", "env"],
		["a\u0000b.csv", "a_b.csv"],
		["a\u001b[2Jb.csv", "a__2Jb.csv"],
		["gpj.\u202Evsc.csv", "gpj._vsc.csv"],
		["con.csv", "_con.csv"],
		["a:b|c?.csv", "a_b_c_.csv"],
		["trailing. ", "trailing"],
		[`${"x".repeat(300)}.csv.gz`, `${"x".repeat(113)}.csv.gz`],
	])("%j is kept as %j", (given, kept) => {
		expect(safeName(given)).toBe(kept);
	});

	it("two files of one name are one too many", async () => {
		const bytes = new Uint8Array(1);
		const files = [file("a/Log.csv", bytes), file("b/log.csv", bytes)];
		await expect(store.begin(files, "")).rejects.toMatchObject({ code: "BAD_REQUEST" });
	});
});
