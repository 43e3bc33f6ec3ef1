import type { StoredFile } from "@atelier/core";
import type { Check, CheckOptions } from "../integrity/artifact-checker";
import { hashOfStream } from "../sha256";
import type { Bucket, StoredObject } from "./bucket";

interface CheckedObjects {
	ref: string;
	files: readonly StoredFile[];
	/** What is there. */
	objects: readonly StoredObject[];
	/** Objects that were compared before, as key and etag; grows. */
	seen: Set<string>;
}

/**
 * Compares the objects of an artifact with its list: names and sizes, then each object's checksum, which the server
 * compared when it was written; in full, every byte. Whoever fetches a file compares its bytes anyway.
 */
export async function checkObjects(
	bucket: Bucket,
	{ ref, files, objects, seen }: CheckedObjects,
	{ isFull, isSurface, signal, onBytes }: CheckOptions,
): Promise<Check> {
	if (objects.length === 0) return damaged("its folder is not there");
	const found = new Map(objects.map((object) => [object.key.slice(ref.length + 1), object]));
	const listed = new Set(files.map(({ path }) => path));
	const extra = [...found.keys()].find((name) => !listed.has(name));
	if (extra !== undefined) return damaged(`${extra} was put into its folder`);
	for (const { path, sizeBytes, sha256 } of files) {
		const object = found.get(path);
		if (object === undefined) return damaged(`${path} is gone`);
		if (object.sizeBytes !== sizeBytes) {
			return damaged(`${path} has ${object.sizeBytes} bytes and was written with ${sizeBytes}`);
		}
		const id = `${object.key} ${object.etag} ${sha256}`;
		if (isSurface || (seen.has(id) && !isFull)) continue;
		const sum = isFull ? await sumOf(bucket, object.key, signal, onBytes) : (await bucket.head(object.key))?.sha256;
		if (sum && sum !== sha256) return damaged(`${path} has other content than was written`);
		seen.add(id);
	}
	return { damage: null, wasRead: isFull === true };
}

async function sumOf(
	bucket: Bucket,
	key: string,
	signal: AbortSignal | undefined,
	onBytes: CheckOptions["onBytes"],
): Promise<string> {
	const body = await bucket.get(key, undefined, signal);
	return body === null ? "gone" : hashOfStream(body, onBytes);
}

const damaged = (damage: string): Check => ({ damage, wasRead: false });
