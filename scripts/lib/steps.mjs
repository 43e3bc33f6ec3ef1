/**
 * Runs one step and prints one line for it: what is being done, and how long it took.
 *
 * @template Result
 * @param {string} doing as in "Starting Postgres"
 * @param {() => Promise<{ result: Result, note?: string }>} work
 * @returns {Promise<Result>}
 */
export async function step(doing, work) {
	const from = performance.now();
	const line = doing.padEnd(34, " ");
	// On a terminal the step shows while it lasts; elsewhere a line is written once.
	if (process.stdout.isTTY) process.stdout.write(`  ${line} …`);
	try {
		const { result, note } = await work();
		const seconds = ((performance.now() - from) / 1000).toFixed(1);
		overwrite(`  ${line} ${note ?? "done"} (${seconds} s)`);
		return result;
	} catch (error) {
		overwrite(`  ${line} failed`);
		throw error;
	}
}

/**
 * For steps that tell whether there was anything to do.
 * @param {Promise<boolean>} did
 */
export async function noteOf(did) {
	return { result: null, note: (await did) ? "done" : "up to date" };
}

/** @param {string} text */
function overwrite(text) {
	process.stdout.write(process.stdout.isTTY ? `\r\u001b[2K${text}\n` : `${text}\n`);
}
