import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ARTIFACT_HASH_HEADER, ARTIFACT_PIECE_BYTES, remoteFile } from "@atelier/core";
import { createDatabase, type Database } from "@atelier/db";
import { createTestDatabase, type TestDatabase } from "@atelier/db/testing";
import { AddressSigner, artifactRoute } from "@atelier/jobs";
import { attemptRef, FolderStore } from "@atelier/store";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDoor } from "~/server/door";

const HOUR = 3_600;
const KEY = "0123456789abcdef".repeat(2);
const signer = new AddressSigner("a secret of this installation, long enough");

let database: TestDatabase;
let db: Database;
let home: string;
let server: Server;
let base: string;
/** A new attempt for every test, and the stage that it reads. */
let attempt: string;
let folder: string;
let input: string;

beforeAll(async () => {
	database = await createTestDatabase();
	db = createDatabase(database.url, { connections: 2 });
	home = await mkdtemp(join(tmpdir(), "atelier-artifacts-"));
	const probe = createServer();
	probe.listen(0, "127.0.0.1");
	await once(probe, "listening");
	const at = probe.address();
	const port = typeof at === "object" && at !== null ? at.port : 0;
	await new Promise((resolve) => probe.close(resolve));
	base = `http://127.0.0.1:${port}`;
	const store = new FolderStore(join(home, "store"));
	const never = async () => {
		throw new Error("the console itself was asked");
	};
	server = createDoor({ port, url: base, proxies: new Set() }, never, artifactRoute({ db, store, signer }));
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	const stage = { kind: "baseline", revision: 1, params: {}, inputs: {}, seed: 0 };
	await db.dataset.create({ data: { id: "set", name: "set", format: "atelier", request: {} } });
	await db.stage.create({ data: { ...stage, key: KEY, datasetId: "set" } });
});
afterAll(async () => {
	await new Promise((resolve) => server.close(resolve));
	await db.$disconnect();
	await database.drop();
	await rm(home, { recursive: true, force: true });
});

let number = 0;
beforeEach(async () => {
	attempt = randomUUID();
	number += 1;
	const path = attemptRef("baseline", KEY, attempt);
	folder = join(home, "store", path);
	await mkdir(folder, { recursive: true });
	const leaseUntil = new Date(Date.now() + 60_000);
	await db.attempt.create({ data: { id: attempt, stageKey: KEY, number, workerId: "w", path, leaseUntil } });
	input = `stages/split/${KEY}/${randomUUID()}`;
	await mkdir(join(home, "store", input), { recursive: true });
	await writeFile(join(home, "store", input, "events.parquet"), "0123456789");
});

const sha256 = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest("hex");
const readAddress = (name = "events.parquet", sizeBytes = 10, seconds = HOUR) =>
	`${base}${signer.get(attempt, input, { path: name, sizeBytes }, seconds)}`;
const writeAddress = (name: string, seconds = HOUR, of = attempt) =>
	`${base}${signer.put(of, seconds)}`.replace("{path}", name);

interface Sent {
	offset?: number;
	total?: number;
	hash?: string;
	address?: string;
}

function put(name: string, body: string | Buffer, { offset = 0, total, hash, address }: Sent = {}): Promise<Response> {
	const bytes = Buffer.from(body);
	const totalBytes = total ?? offset + bytes.length;
	const what = bytes.length === 0 ? "*" : `${offset}-${offset + bytes.length - 1}`;
	return fetch(address ?? writeAddress(name), {
		method: "PUT",
		body: bytes,
		headers: { "content-range": `bytes ${what}/${totalBytes}`, [ARTIFACT_HASH_HEADER]: hash ?? sha256(bytes) },
	});
}

const receiptOf = (outputs: { path: string; sizeBytes: number; sha256: string }[], of = attempt) =>
	JSON.stringify({ contract: 1, key: KEY, attempt: of, outputs, durationMs: 1, result: {} });

async function filesBelow(path: string): Promise<string[]> {
	const entries = await readdir(path, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe("reading", () => {
	it("an address answers with its file, and with the rest of it from anywhere", async () => {
		const whole = await fetch(readAddress());
		expect([whole.status, await whole.text()]).toEqual([200, "0123456789"]);
		expect(whole.headers.get("cache-control")).toBe("no-store");
		const rest = await fetch(readAddress(), { headers: { range: "bytes=7-" } });
		expect([rest.status, rest.headers.get("content-range"), await rest.text()]).toEqual([206, "bytes 7-9/10", "789"]);
		const past = await fetch(readAddress(), { headers: { range: "bytes=10-" } });
		expect([past.status, past.headers.get("content-range")]).toEqual([416, "bytes */10"]);
	});

	it("an address is good for its file, direction, attempt and time alone", async () => {
		const address = readAddress();
		const other = randomUUID();
		const changed = {
			"another file": address.replace("events.parquet", "receipt.json"),
			"another attempt": address.replace(attempt, other),
			"a longer life": address.replace(/expires=\d+/, "expires=99999999999"),
			"another size": address.replace("size=10", "size=11"),
			"no signature": address.replace(/&signature=.*/, ""),
			"an empty signature": address.replace(/signature=.*/, "signature="),
			"writing in place of reading": address.replace("/get/", "/put/"),
			"another secret": `${base}${new AddressSigner("another secret of another installation").get(attempt, input, { path: "events.parquet", sizeBytes: 10 }, HOUR)}`,
			"its time gone by": readAddress("events.parquet", 10, -1),
		};
		for (const [what, url] of Object.entries(changed)) expect((await fetch(url)).status, what).toBe(403);
		expect((await fetch(address, { method: "PUT", body: "x" })).status).toBe(403);
		expect((await fetch(writeAddress("x"))).status).toBe(403);
	});

	it("no path leads out of the store, however it is written", async () => {
		await writeFile(join(home, "secret"), "s");
		await symlink(join(home, "secret"), join(home, "store", input, "link"));
		for (const path of [
			"../../../../../secret",
			"..%2f..%2f..%2f..%2f..%2fsecret",
			"%2e%2e/%2e%2e/secret",
			"a%5c..%5cb",
		]) {
			const address = readAddress().replace("events.parquet", path);
			// As it stands: fetch itself would take the dots out of it.
			expect(await raw(`GET ${address.slice(base.length)} HTTP/1.1`), path).toMatch(/^HTTP\/1.1 (400|403) /);
		}
		expect((await fetch(readAddress("link", 1))).status).toBe(404);
		expect((await fetch(readAddress("not-there", 1))).status).toBe(404);
		// One that is no longer what was signed would fail its checksum after the transfer: better before.
		expect((await fetch(readAddress("events.parquet", 9))).status).toBe(404);
	});

	it("nothing is read for an attempt that has ended", async () => {
		await db.attempt.update({ where: { id: attempt }, data: { status: "cancelled" } });
		expect((await fetch(readAddress())).status).toBe(410);
	});
});

async function raw(head: string): Promise<string> {
	const { hostname, port, host } = new URL(base);
	const socket = connect(Number(port), hostname);
	socket.end(`${head}\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
	const chunks: Buffer[] = [];
	for await (const chunk of socket) chunks.push(chunk);
	return Buffer.concat(chunks).toString();
}

describe("writing", () => {
	it("a file is seen once it is whole, and can be gone on with after a break", async () => {
		const hash = sha256("abcdef");
		expect((await put("ranks.parquet", "abc", { total: 6, hash })).status).toBe(202);
		await expect(stat(join(folder, "ranks.parquet"))).rejects.toThrow();
		const wrong = await put("ranks.parquet", "ef", { offset: 4, total: 6, hash });
		expect([wrong.status, await wrong.json()]).toMatchObject([416, { have: 3 }]);
		expect((await put("ranks.parquet", "def", { offset: 3, total: 6, hash })).status).toBe(200);
		expect(await readFile(join(folder, "ranks.parquet"), "utf8")).toBe("abcdef");
		// Its answer was lost, and the last piece comes again.
		expect((await put("ranks.parquet", "def", { offset: 3, total: 6, hash })).status).toBe(200);
		expect((await put("empty.txt", "")).status).toBe(200);
		expect(await readFile(join(folder, "empty.txt"), "utf8")).toBe("");
	});

	it("a file that arrives wrong is not kept", async () => {
		expect((await put("ranks.parquet", "abc", { hash: sha256("abd") })).status).toBe(422);
		expect(await filesBelow(folder)).toEqual([]);
		expect((await put("ranks.parquet", "abc")).status).toBe(200);
	});

	it("sizes and ranges that cannot be are refused before anything is kept", async () => {
		const big = Buffer.alloc(ARTIFACT_PIECE_BYTES + 1);
		expect((await put("a", big).catch(() => null))?.status ?? 413).toBe(413);
		expect((await put("a", "x", { total: 1e14 })).status).toBe(413);
		expect((await put("a", "abc", { offset: 5, total: 6 })).status).toBe(400);
		expect((await put("a", "abc", { hash: "x" })).status).toBe(400);
		const plain = await fetch(writeAddress("a"), { method: "PUT", body: "abc" });
		expect(plain.status).toBe(400);
		expect(await filesBelow(folder)).toEqual([]);
	});

	it("only names that a stage writes are taken", async () => {
		const names = ["spec.json", "events.ndjson", "trainer.pid", "x.log", ".hidden", "a/.b", "remote.json", "a//b"];
		names.push(".remote/other.json", ".remote/events/1.ndjson", ".remote/incoming/x", `${"a/".repeat(9)}b`, "a\u0000");
		for (const name of names) {
			const address = writeAddress(name.split("/").map(encodeURIComponent).join("/"));
			expect([400, 403], name).toContain((await put(name, "x", { address })).status);
		}
		const climbing = writeAddress("..%2f..%2fx");
		expect((await put("x", "x", { address: climbing })).status).toBe(403);
		expect(await filesBelow(folder)).toEqual([]);
		expect((await put("adapter/config.json", "{}")).status).toBe(200);
	});

	it("an address writes into its own attempt's folder, and for its time alone", async () => {
		const other = writeAddress("a").replace(attempt, randomUUID());
		expect((await put("a", "x", { address: other })).status).toBe(403);
		expect((await put("a", "x", { address: writeAddress("a", -1) })).status).toBe(403);
		expect((await put("a", "x", { address: writeAddress("a", HOUR, randomUUID()) })).status).toBe(410);
	});

	it("a fenced attempt writes nothing more, and a folder that is gone stays gone", async () => {
		for (const status of ["cancelled", "failed", "succeeded"] as const) {
			await db.attempt.update({ where: { id: attempt }, data: { status } });
			expect((await put("a", "x")).status, status).toBe(410);
		}
		await db.attempt.update({ where: { id: attempt }, data: { status: "running" } });
		await rm(folder, { recursive: true });
		expect((await put("a", "x")).status).toBe(410);
		await expect(stat(folder)).rejects.toThrow();
	});

	it("chunks of events and the claim are written once; a heartbeat again and again, and it brings a new address", async () => {
		const chunk = remoteFile.events(1);
		expect((await put(chunk, "1\n")).status).toBe(200);
		expect((await put(chunk, "1\n")).status).toBe(200);
		expect((await put(chunk, "2\n")).status).toBe(409);
		expect((await put(remoteFile.claim, '{"run":"a"}')).status).toBe(200);
		expect((await put(remoteFile.claim, '{"run":"b"}')).status).toBe(409);
		await put(remoteFile.heartbeat, '{"beat":1}');
		const again = await put(remoteFile.heartbeat, '{"beat":2}');
		const { url }: { url: string } = await again.json();
		// Without a host: whoever asks knows by which name it reaches us.
		expect(url).toMatch(/^\/artifacts\/put\//);
		const renewed = `${base}${url}`.replace("{path}", "later.txt");
		expect((await put("later.txt", "x", { address: renewed })).status).toBe(200);
	});

	it("the receipt comes last: after what it names, for this attempt, and nothing follows it", async () => {
		const output = { path: "ranks.parquet", sizeBytes: 3, sha256: sha256("abc") };
		expect((await put("receipt.json", receiptOf([output]))).status).toBe(400);
		await put("ranks.parquet", "abcd");
		expect((await put("receipt.json", receiptOf([output]))).status).toBe(400);
		await put("ranks.parquet", "abc");
		expect((await put("receipt.json", receiptOf([output], randomUUID()))).status).toBe(400);
		expect((await put("receipt.json", receiptOf([{ ...output, path: "../x" }]))).status).toBe(400);
		expect((await put("receipt.json", "no receipt")).status).toBe(400);
		expect(await readdir(folder)).not.toContain("receipt.json");
		expect((await put("receipt.json", receiptOf([output]))).status).toBe(200);
		// Its answer was lost.
		expect((await put("receipt.json", receiptOf([output]))).status).toBe(200);
		expect((await put("ranks.parquet", "xyz")).status).toBe(409);
		expect((await put("more.parquet", "xyz")).status).toBe(409);
		expect(await readFile(join(folder, "ranks.parquet"), "utf8")).toBe("abc");
	});

	it("pieces of one file that come at once do not mix", async () => {
		const text = "abcdefgh".repeat(1_000);
		const hash = sha256(text);
		const half = text.length / 2;
		const first = () => put("a", text.slice(0, half), { total: text.length, hash });
		const second = () => put("a", text.slice(half), { offset: half, total: text.length, hash });
		await first();
		const statuses = (await Promise.all([second(), second(), second()])).map(({ status }) => status);
		expect(statuses).toEqual([200, 200, 200]);
		expect(await readFile(join(folder, "a"), "utf8")).toBe(text);
	});
});
