import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { request as ask, createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, it } from "vitest";
import { attemptRef, Bucket, type BucketSettings, copyStore, datasetRef, FolderStore, S3Store } from "../src";
import type { TransferSizes } from "../src/s3/bucket";
import { startTestObjectStore } from "../src/testing";
import { collect, writeArtifact } from "./conformance/artifact";
import { describeStore } from "./conformance/describe-store";

const server = await startTestObjectStore();
const folders: string[] = [];
afterAll(async () => {
	if ("stop" in server) server.stop();
	for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "atelier-s3-"));
	folders.push(folder);
	return folder;
}

async function newBucket(): Promise<BucketSettings> {
	if ("why" in server) throw new Error(server.why);
	return server.newBucket();
}

async function openAt(settings: BucketSettings, cacheBytes = 1e9, sizes?: TransferSizes): Promise<S3Store> {
	return new S3Store({ bucket: new Bucket(settings, sizes), root: join(await newFolder(), "cache"), cacheBytes });
}

describe.skipIf("why" in server)("with OpenStack Swift", () => {
	describeStore("the bucket store", async () => {
		const settings = await newBucket();
		const bucket = new Bucket(settings);
		return {
			store: await openAt(settings),
			damage: async (ref, name, content) => {
				await bucket.client.send(new PutObjectCommand({ ...bucket.at(`${ref}/${name}`), Body: content }));
			},
			close: async () => undefined,
		};
	});

	it("what one machine publishes another reads, and fetches each byte once", async () => {
		const settings = await newBucket();
		const [here, there] = [await openAt(settings), await openAt(settings)];
		const ref = attemptRef("fine-tune", "key", "attempt");
		const folder = here.draft(ref);
		const contents = { "adapter/weights": randomBytes(300_000), "log.txt": "log" };
		const { files } = await writeArtifact(folder, contents, ref);
		await writeFile(join(folder, "stderr.log"), "beside the outputs");
		await here.publish(ref, folder, files);
		const fetched = await there.folder(ref, { files: ["log.txt"] });
		expect(await readdir(fetched)).not.toContain("adapter");
		await there.folder(ref);
		expect(await readFile(join(fetched, "adapter/weights"))).toEqual(contents["adapter/weights"]);
		// Whoever has it asks for nothing: not even where the bucket has lost it meanwhile, or is away.
		await new Bucket(settings).remove([`${ref}/adapter/weights`]);
		expect(await there.folder(ref)).toBe(fetched);
		const away = {
			bucket: new Bucket({ ...settings, endpoint: "http://127.0.0.1:9" }),
			root: there.root,
			cacheBytes: 1e9,
		};
		expect(await new S3Store(away).folder(ref)).toBe(fetched);
		expect((await here.check(ref, files)).damage).toMatch(/adapter\/weights is gone/);
	});

	it("a file of many parts arrives whole, and a wrong one never counts", async () => {
		const settings = await newBucket();
		// Parts of five megabytes are the smallest that the protocol has.
		const store = await openAt(settings, 1e9, { partBytes: 5 * 1024 * 1024, pageObjects: 1_000 });
		const source = await newFolder();
		const big = randomBytes(12 * 1024 * 1024);
		const { ref, files } = await writeArtifact(source, { "model.safetensors": big });
		const wrong = files.map((file) => (file.path === "receipt.json" ? file : { ...file, sha256: "0".repeat(64) }));
		await expect(store.publish(ref, source, wrong)).rejects.toMatchObject({ code: "BAD_DATA" });
		expect(await store.has(ref)).toBe(false);
		await store.publish(ref, source, files);
		const sha256 = createHash("sha256").update(big).digest("hex");
		const pulled = await readFile(join(await store.folder(ref, { files: ["model.safetensors"] }), "model.safetensors"));
		expect(createHash("sha256").update(pulled).digest("hex")).toBe(sha256);
	}, 120_000);

	it("a pull that breaks goes on where it was", async () => {
		const settings = await newBucket();
		const source = await newFolder();
		const content = randomBytes(200_000);
		const { ref, files } = await writeArtifact(source, { weights: content });
		await (await openAt(settings)).publish(ref, source, files);
		const cutter = await startCutter(settings.endpoint ?? "", 75_000);
		const store = await openAt({ ...settings, endpoint: cutter.endpoint });
		try {
			expect(await readFile(join(await store.folder(ref), "weights"))).toEqual(content);
		} finally {
			cutter.stop();
		}
		const starts = cutter.ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0));
		// How much of what was sent had arrived is the network's to say; each time it goes on from there.
		expect(starts.length).toBeGreaterThan(2);
		expect(starts).toEqual([...starts].sort((a, b) => a - b));
		expect(starts.at(-1)).toBeGreaterThan(0);
	});

	it("other content than the receipt says is refused and does not stay", async () => {
		const settings = await newBucket();
		const source = await newFolder();
		const { ref, files } = await writeArtifact(source, { one: "good" });
		const outputs = files.filter(({ path }) => path === "one");
		const receipt = JSON.stringify({ contract: 1, key: "k", attempt: "a", outputs, durationMs: 1, result: {} });
		await writeFile(join(source, "receipt.json"), receipt);
		const seal = { sizeBytes: receipt.length, sha256: createHash("sha256").update(receipt).digest("hex") };
		await (await openAt(settings)).publish(ref, source, [...outputs, { path: "receipt.json", ...seal }]);
		const bucket = new Bucket(settings);
		await bucket.client.send(new PutObjectCommand({ ...bucket.at(`${ref}/one`), Body: "evil" }));
		const store = await openAt(settings);
		await expect(store.folder(ref)).rejects.toMatchObject({ code: "BAD_DATA", message: expect.stringMatching(/one/) });
		expect(await readdir(store.draft(ref))).not.toContain("one");
	});

	it("the cache gives up what was not used for longest, never what is held or not in the bucket", async () => {
		const settings = await newBucket();
		const publisher = await openAt(settings);
		const source = await newFolder();
		const refs = ["a", "b", "c", "d"].map((attempt) => attemptRef("split", "key", attempt));
		for (const ref of refs) {
			const { files } = await writeArtifact(source, { rows: randomBytes(100_000) }, ref);
			await publisher.publish(ref, source, files);
		}
		const [a = "", b = "", c = "", d = ""] = refs;
		// Of two that fit, one is held and one being made.
		const store = await openAt(settings, 250_000);
		const draft = attemptRef("split", "other", "draft");
		await writeArtifact(store.draft(draft), { rows: randomBytes(200_000) }, draft);
		await store.folder(a, { holder: "stage" });
		await store.folder(b, { holder: "reader" });
		await store.release("reader");
		await store.folder(c, { holder: "reader" });
		const there = async () => (await readdir(join(store.draft(a), ".."))).sort();
		expect(await there()).toEqual(["a", "c"]);
		await store.release("reader");
		await store.release("stage");
		await store.folder(a, { holder: "again" });
		await store.folder(d, { holder: "reader" });
		expect(await there()).toEqual(["a", "d"]);
		expect(await readdir(store.draft(draft))).toContain("rows");
	});

	it("gives addresses that read and write one file without keys, and for a while only", async () => {
		const store = await openAt(await newBucket());
		const source = await newFolder();
		const { ref, files } = await writeArtifact(source, { "one é": "0123456789" });
		await store.publish(ref, source, files);
		const get = await store.address(ref, "one é", "get", 60);
		const ranged = await fetch(get, { headers: { Range: "bytes=2-4" } });
		expect([ranged.status, await ranged.text()]).toEqual([206, "234"]);
		expect((await fetch(get, { method: "PUT", body: "evil" })).status).toBe(403);
		expect((await fetch(get.replace("one", "two"))).status).toBe(403);
		const put = await store.address(ref, "new", "put", 60);
		const md5 = (body: string) => createHash("md5").update(body).digest("base64");
		const send = (body: string, sum: string) => fetch(put, { method: "PUT", body, headers: { "Content-MD5": sum } });
		expect((await send("tampered", md5("fresh"))).status).not.toBe(200);
		expect((await send("fresh", md5("fresh"))).status).toBe(200);
		expect(await text(await store.file(ref, "new"))).toBe("fresh");
		const brief = await store.address(ref, "one é", "get", 1);
		await expect.poll(async () => (await fetch(brief)).status, { timeout: 10_000 }).toBe(403);
	});

	it("an installation moves to a bucket and back, goes on where it was cut off, and never into another's", async () => {
		const folder = new FolderStore(join(await newFolder(), "store"));
		expect(await folder.isOwnedBy("record")).toBe(true);
		const source = await newFolder();
		const refs = [datasetRef("one"), attemptRef("split", "key", "a"), attemptRef("split", "key", "b")];
		for (const ref of refs) {
			const { files } = await writeArtifact(source, { rows: ref, "manifest.json": "{}" }, ref);
			await folder.publish(ref, source, files);
			// Old manifests list nothing, receipts do.
			const outputs = files.filter(({ path }) => path === "rows");
			const receipt = { contract: 1, key: "k", attempt: "a", outputs, durationMs: 1, result: {} };
			await writeFile(join(folder.draft(ref), "receipt.json"), JSON.stringify(receipt));
		}
		await mkdir(folder.draft(attemptRef("split", "key", "at work")), { recursive: true });
		await writeFile(join(folder.draft(refs[2] ?? ""), "rows"), "damaged");
		const settings = await newBucket();
		const bucket = await openAt(settings);
		const out = await copyStore(folder, bucket);
		expect(out).toMatchObject({ known: 0, failures: [{ ref: refs[2], reason: expect.stringMatching(/rows/) }] });
		await writeFile(join(folder.draft(refs[2] ?? ""), "rows"), refs[2] ?? "");
		expect(await copyStore(folder, bucket)).toMatchObject({ known: 2, failures: [] });
		const back = new FolderStore(join(await newFolder(), "store"));
		expect(await copyStore(await openAt(settings), back)).toMatchObject({ done: 3, failures: [] });
		for (const ref of refs) expect(await readFile(join(await back.folder(ref), "rows"), "utf8")).toBe(ref);
		expect(await back.owner()).toBe("record");
		const another = new FolderStore(join(await newFolder(), "store"));
		await another.isOwnedBy("another");
		await expect(copyStore(another, bucket)).rejects.toMatchObject({ code: "CONFLICT" });
	});

	it("lists beyond one page", async () => {
		const settings = await newBucket();
		const store = await openAt(settings, 1e9, { partBytes: 1e9, pageObjects: 2 });
		const source = await newFolder();
		const refs = ["a", "b", "c"].map((attempt) => attemptRef("split", "key", attempt));
		for (const ref of refs) {
			const { files } = await writeArtifact(source, { one: "1", two: "2" }, ref);
			await store.publish(ref, source, files);
		}
		expect(await collect(store.list("stages/"))).toEqual(refs);
		for (const ref of refs) await store.remove(ref);
		expect(await collect(store.list("stages/"))).toEqual([]);
	});

	it("a bucket that is away or refuses its keys is unavailable, and says what to look at", async () => {
		const settings = await newBucket();
		const wrong = await openAt({ ...settings, secret: "wrong" });
		const keys = { code: "UNAVAILABLE", message: expect.stringMatching(/ATELIER_STORE_SECRET/) };
		await expect(wrong.folder("datasets/one")).rejects.toMatchObject(keys);
		await expect(wrong.check("datasets/one", [])).rejects.toMatchObject(keys);
		const missing = await openAt({ ...settings, bucket: "no-such-bucket" });
		const none = {
			code: "UNAVAILABLE",
			message: expect.stringMatching(/NoSuchBucket: [^.]*[.] Make it, or name another/),
		};
		await expect(missing.check("datasets/one", [])).rejects.toMatchObject(none);
		const away = await openAt({ ...settings, endpoint: "http://127.0.0.1:9" });
		await expect(away.has("datasets/one")).rejects.toMatchObject({ code: "UNAVAILABLE" });
	});
});

/** A proxy that ends each answer with a body after so many bytes, as a connection does that breaks. */
async function startCutter(endpoint: string, mostBytes: number) {
	const ranges: (string | undefined)[] = [];
	const proxy = createServer(async (request, response) => {
		const headers = Object.fromEntries(
			Object.entries(request.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
		);
		const target = new URL(endpoint);
		ask({ host: target.hostname, port: target.port, path: request.url, method: request.method, headers }, (got) => {
			response.writeHead(got.statusCode ?? 500, got.headers);
			if (!request.url?.includes("/weights")) return void got.pipe(response);
			ranges.push(headers.range);
			let sent = 0;
			got.on("data", (piece: Buffer) => {
				const rest = piece.subarray(0, mostBytes - sent);
				sent += rest.length;
				response.write(rest, () => sent >= mostBytes && response.destroy());
			});
			got.on("end", () => sent < mostBytes && response.end());
		}).end();
	});
	await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
	const address = proxy.address();
	if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
	return { endpoint: `http://127.0.0.1:${address.port}`, ranges, stop: () => void proxy.close() };
}
