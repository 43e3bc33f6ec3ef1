// Loaded before a service (`node --import`): everything that it prints, whichever library does it, goes through
// CountedLines into its log.
import { CountedLines } from "./counted-lines.mjs";

const SUM_EVERY_MS = 10_000;

for (const stream of [process.stdout, process.stderr]) {
	const write = stream.write.bind(stream);
	const lines = new CountedLines((text) => void write(text));
	/**
	 * @param {string | Uint8Array} chunk
	 * @param {BufferEncoding | ((error?: Error | null) => void)} [encoding]
	 * @param {(error?: Error | null) => void} [done]
	 */
	stream.write = (chunk, encoding, done) => {
		lines.take(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
		const after = typeof encoding === "function" ? encoding : done;
		if (after) process.nextTick(after);
		return true;
	};
	setInterval(() => lines.sum(), SUM_EVERY_MS).unref();
	process.on("exit", () => lines.sum(0));
}
