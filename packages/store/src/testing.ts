import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { z } from "zod";
import { Bucket } from "./s3/bucket";
import type { BucketSettings } from "./s3/settings";

/** A real object store, started for one test file and gone with it. */
export interface TestObjectStore {
	/** Settings of a new, empty bucket. */
	newBucket(): Promise<BucketSettings>;
	stop(): void;
}

const answer = z.union([
	z.object({ endpoint: z.string(), key: z.string(), secret: z.string() }),
	z.object({ why: z.string() }),
]);

/** @returns the reason in `why` where there is none to be had: what needs it is skipped, and says so */
export async function startTestObjectStore(): Promise<TestObjectStore | { why: string }> {
	const script = fileURLToPath(new URL("../../../scripts/test-object-store.mjs", import.meta.url));
	const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
	child.unref();
	unreferencePipes(child);
	const line = await new Promise<string>((resolve, reject) => {
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`${script} ended with ${code}`)));
		createInterface({ input: child.stdout }).once("line", resolve);
	});
	const found = answer.parse(JSON.parse(line));
	if ("why" in found) {
		console.warn(`Tests of buckets are skipped: ${found.why}`);
		return found;
	}
	const { endpoint, key, secret } = found;
	return {
		async newBucket() {
			const settings = {
				bucket: `test-${randomUUID()}`,
				prefix: "at/elier",
				endpoint,
				region: "us-east-1",
				key,
				secret,
			};
			await new Bucket(settings).client.send(new CreateBucketCommand({ Bucket: settings.bucket }));
			return settings;
		},
		stop: () => void child.stdin.end(),
	};
}

/** Open pipes would keep the test process alive after its last test. */
function unreferencePipes(child: ChildProcess): void {
	for (const stream of [child.stdin, child.stdout]) {
		if (stream && "unref" in stream && typeof stream.unref === "function") stream.unref();
	}
}
