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

/**
 * A step over many items that tells how far it is.
 * @template Item
 * @param {string} doing @param {Item[]} items @param {(item: Item) => Promise<void>} each
 */
export async function progress(doing, items, each) {
	const tell = percent(doing);
	return step(doing, async () => {
		for (const [index, item] of items.entries()) {
			await each(item);
			tell((index + 1) / items.length);
		}
		return { result: null, note: `${items.length} files` };
	});
}

/**
 * Shows how far a step is: on a terminal in its line, elsewhere as a line now and then.
 * @param {string} doing @returns {(share: number) => void}
 */
export function percent(doing) {
	let at = Date.now();
	return (share) => {
		if (Date.now() - at < (process.stdout.isTTY ? 200 : 10_000)) return;
		at = Date.now();
		const text = `  ${doing.padEnd(34, " ")} ${Math.floor(share * 100)} %`;
		process.stdout.write(process.stdout.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
	};
}

/** @param {number} bytes */
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** @param {string} text */
function overwrite(text) {
	process.stdout.write(process.stdout.isTTY ? `\r\u001b[2K${text}\n` : `${text}\n`);
}
