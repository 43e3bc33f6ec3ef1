import { note } from "./output";

/** Exit code of a program that was ended with Ctrl-C, as shells have it. */
const INTERRUPTED = 130;

/**
 * Runs `work`, which only watches; when the person stops watching (Ctrl-C), `advice` says what goes on without them.
 * The process then ends.
 */
export async function whileWatching<T>(advice: string, work: () => Promise<T>): Promise<T> {
	const stop = () => {
		if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
		note(advice);
		process.exit(INTERRUPTED);
	};
	process.once("SIGINT", stop);
	process.once("SIGTERM", stop);
	try {
		return await work();
	} finally {
		process.off("SIGINT", stop);
		process.off("SIGTERM", stop);
	}
}
