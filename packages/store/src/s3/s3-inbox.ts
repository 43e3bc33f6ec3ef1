import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import type { StoredFile } from "@atelier/core";
import type { Inbox, InboxFile } from "../inbox";
import { checkedName } from "../refs";
import type { Bucket } from "./bucket";
import { pullFile } from "./pull-file";
import { upload } from "./upload";

/** Beside `datasets/` and `stages/`, which alone are artifacts. */
const INBOXES = "inbox/";

export class S3Inbox implements Inbox {
	private readonly folder: string;

	constructor(
		private readonly bucket: Bucket,
		attempt: string,
	) {
		this.folder = `${INBOXES}${checkedName(attempt)}/`;
	}

	async *list(): AsyncIterable<InboxFile> {
		for await (const { key, ...facts } of this.bucket.list(this.folder)) {
			yield { name: key.slice(this.folder.length), ...facts };
		}
	}

	async read(name: string): Promise<string | null> {
		const body = await this.bucket.get(this.key(name));
		return body === null ? null : text(body);
	}

	bring(name: string, target: string, file: StoredFile): Promise<void> {
		return pullFile(this.bucket, this.key(name), target, file);
	}

	async write(name: string, body: string): Promise<void> {
		const sha256 = createHash("sha256").update(body).digest("hex");
		await this.bucket.put(this.key(name), body, { sizeBytes: Buffer.byteLength(body), sha256 });
	}

	send(name: string, path: string, file: StoredFile): Promise<void> {
		return upload(this.bucket, this.key(name), path, file);
	}

	address(name: string, way: "get" | "put", expiresInSeconds: number): Promise<string> {
		return this.bucket.address(this.key(name), way, expiresInSeconds);
	}

	async remove(): Promise<void> {
		const keys: string[] = [];
		for await (const { key } of this.bucket.list(this.folder)) keys.push(key);
		await this.bucket.remove(keys);
	}

	private key(name: string): string {
		return this.folder + checkedName(name);
	}
}

/** Attempts that have one. */
export async function* inboxes(bucket: Bucket): AsyncIterable<string> {
	let last = "";
	for await (const { key } of bucket.list(INBOXES)) {
		const attempt = key.split("/")[1] ?? "";
		if (attempt !== last) yield attempt;
		last = attempt;
	}
}
