import { once } from "node:events";
import { expect, test } from "vitest";
import { runThread } from "../src/threads/run-thread";
import type { Trouble } from "./support/troubled-thread";

const module = new URL("./support/troubled-thread.ts", import.meta.url);

function meet(order: Trouble, more: { signal?: AbortSignal; onProgress?: () => void; heapMb?: number } = {}) {
	return runThread<Trouble>({ module, order, name: "The thread", signal: new AbortController().signal, ...more });
}

test("a failure keeps its code and message", async () => {
	await expect(meet("bad data")).rejects.toMatchObject({
		code: "BAD_DATA",
		message: "items.parquet: no column title.",
	});
}, 60_000);

test("a thread that crashes, leaves or runs out of memory fails its own order only", async () => {
	const kept = meet("none");
	await expect(meet("throws")).rejects.toMatchObject({
		code: "INTERNAL",
		message: "The thread crashed: nobody catches this.",
	});
	await expect(meet("exits")).rejects.toMatchObject({ message: "The thread ended with code 7." });
	await kept;
	// A module of its own URL, so that no thread with a larger heap is taken for it.
	const small = new URL("./support/troubled-thread.ts?small", import.meta.url);
	const signal = new AbortController().signal;
	await expect(
		runThread<Trouble>({ module: small, order: "fills its heap", name: "The thread", signal, heapMb: 64 }),
	).rejects.toMatchObject({ code: "INTERNAL", message: expect.stringContaining("memory") });
}, 120_000);

test.each(["computes for ever", "queries long"] as const)(
	"a thread that %s is gone soon after it is told to stop",
	async (trouble) => {
		const stopping = new AbortController();
		const begun = new EventTarget();
		const beginning = once(begun, "begun");
		const done = meet(trouble, { signal: stopping.signal, onProgress: () => begun.dispatchEvent(new Event("begun")) });
		await beginning;
		const stoppedAt = performance.now();
		stopping.abort();
		await expect(done).rejects.toMatchObject({ code: "CANCELLED" });
		expect(performance.now() - stoppedAt).toBeLessThan(10_000);
	},
	60_000,
);
