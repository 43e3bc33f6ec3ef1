import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@atelier/core";
import { type Client, connect, toAppError } from "./client";

/** An answer that takes longer is not waited for: a console that was killed may leave a connection that says nothing. */
const ANSWER_WITHIN_MS = 60_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
/** A console that is away for longer is not coming back by itself; one that answers with an error of its own sooner. */
const GIVE_UP_MS = { UNAVAILABLE: 30 * 60_000, INTERNAL: 2 * 60_000 };

/**
 * Asks the console until it answers, for commands that watch: what they watch goes on while the console is busy or
 * restarts, perhaps at another address. What the console refuses is an error as ever.
 *
 * @param onSilence told before each new try, with how long there has been no answer
 */
export async function outlive<T>(
	ask: (client: Client, options: { signal: AbortSignal }) => Promise<T>,
	onSilence: (silentMs: number) => void,
): Promise<T> {
	const from = Date.now();
	for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
		try {
			return await ask(connect(), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
		} catch (thrown) {
			const error = toAppError(thrown);
			if (error.code !== "UNAVAILABLE" && error.code !== "INTERNAL") throw error;
			const silentMs = Date.now() - from;
			if (silentMs > GIVE_UP_MS[error.code]) {
				throw new AppError("UNAVAILABLE", `${error.message} What was being watched goes on without this command.`, {
					cause: error,
				});
			}
			onSilence(silentMs);
			await sleep(pause);
		}
	}
}
