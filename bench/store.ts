// Bytes and seconds of the bucket store against the folder store, over the artifacts of an installation: publish, first
// use on another machine (cold), and use again (warm).
//
//   npx tsx bench/store.ts STORE [--out FILE]      STORE: the folder store of an ATELIER_HOME that has run something
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { Bucket, copyStore, FolderStore, parseRef, S3Store, type Store } from "@atelier/store";
import { startTestObjectStore } from "@atelier/store/testing";

const [from, ...options] = process.argv.slice(2);
if (from === undefined) throw new Error("Name the folder of a store: npx tsx bench/store.ts .atelier/store");
const out = options[0] === "--out" ? options[1] : undefined;
// The server lets its process end, as tests want it.
const staying = setInterval(() => undefined, 1_000);
const server = await startTestObjectStore();
if ("why" in server) throw new Error(server.why);

const scratch = await mkdtemp(join(tmpdir(), "atelier-bench-"));
const source = new FolderStore(from);
const bucket = await server.newBucket();
const openOn = (machine: string) =>
	new S3Store({ bucket: new Bucket(bucket), root: join(scratch, machine), cacheBytes: 1e12 });

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
	const began = performance.now();
	const result = await work();
	return { seconds: (performance.now() - began) / 1_000, result };
}

async function foldersOf(store: Store, refs: readonly string[]): Promise<number[]> {
	const seconds: number[] = [];
	for (const ref of refs) seconds.push((await timed(() => store.folder(ref))).seconds);
	return seconds;
}

const { seconds: publishSeconds, result: copied } = await timed(() => copyStore(source, openOn("publisher")));
const again = await timed(() => copyStore(source, openOn("publisher")));
const refs: string[] = [];
for await (const ref of source.list("")) if (await source.has(ref)) refs.push(ref);
const kinds = refs.map((ref) => {
	const parsed = parseRef(ref);
	return parsed.of === "dataset" ? "dataset" : parsed.kind;
});
const reader = openOn("reader");
const [cold, warm] = [await foldersOf(reader, refs), await foldersOf(reader, refs)];
// Another process: nothing is known of the files but what lies on the disk.
const restarted = await foldersOf(openOn("reader"), refs);
const sum = (seconds: readonly number[]) => seconds.reduce((total, one) => total + one, 0);
const artifacts = await Promise.all(
	refs.map(async (ref, at) => {
		const files = (await source.filesOf(ref)) ?? [];
		const bytes = files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
		return { kind: kinds[at], files: files.length, bytes, coldSeconds: cold[at], warmSeconds: warm[at] };
	}),
);
const report = {
	processor: cpus()[0]?.model ?? "unknown",
	processors: cpus().length,
	server: "OpenStack Swift 2.38.3 on the same machine",
	artifacts: refs.length,
	bytes: copied.bytes,
	failures: copied.failures.length,
	publishSeconds,
	publishAgain: { seconds: again.seconds, bytes: again.result.bytes },
	coldSeconds: sum(cold),
	warmSeconds: sum(warm),
	warmAfterRestartSeconds: sum(restarted),
	slowestColdSeconds: Math.max(...cold),
	each: artifacts,
};
console.log(JSON.stringify({ ...report, each: undefined }, null, "\t"));
if (out !== undefined) await writeFile(out, `${JSON.stringify(report, null, "\t")}\n`);
server.stop();
await rm(scratch, { recursive: true, force: true });
clearInterval(staying);
