import { AppError, messageOf } from "@atelier/core";
import type { Ref } from "./refs";
import type { Store } from "./store";

export interface CopyProgress {
	/** Artifacts that are done, those that were there already among them. */
	done: number;
	total: number;
	/** Sent now. */
	bytes: number;
}

export interface CopyOutcome extends CopyProgress {
	/** Artifacts that were there already. */
	known: number;
	/** What could not be copied, and why: it is missing or damaged where it lies. */
	failures: { ref: Ref; reason: string }[];
}

const HOLDER = "store copy";

/**
 * Copies every whole artifact from one store to another. One that is whole there already is passed over, so doing it
 * again goes on where it was cut off; nothing is removed on either side.
 *
 * @throws AppError CONFLICT when the other store belongs to another record, UNAVAILABLE when one of them is away
 */
export async function copyStore(
	from: Store,
	to: Store,
	onProgress: (progress: CopyProgress) => void = () => undefined,
): Promise<CopyOutcome> {
	await shareOwner(from, to);
	const refs: Ref[] = [];
	for await (const ref of from.list("")) refs.push(ref);
	const outcome: CopyOutcome = { done: 0, known: 0, total: refs.length, bytes: 0, failures: [] };
	for (const ref of refs) {
		if (await to.has(ref)) outcome.known += 1;
		else outcome.bytes += await copyOne(from, to, ref, outcome.failures);
		outcome.done += 1;
		onProgress(outcome);
	}
	return outcome;
}

/** @returns bytes sent; what is not whole (at work, or given up) is left where it is */
async function copyOne(from: Store, to: Store, ref: Ref, failures: CopyOutcome["failures"]): Promise<number> {
	if (!(await from.has(ref))) return 0;
	try {
		const files = await from.filesOf(ref);
		if (files === null) throw new AppError("BAD_DATA", "nothing there says which files it has");
		await to.publish(ref, await from.folder(ref, { holder: HOLDER }), files);
		return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	} catch (error) {
		if (error instanceof AppError && error.code === "UNAVAILABLE") throw error;
		failures.push({ ref, reason: messageOf(error) });
		return 0;
	} finally {
		await from.release(HOLDER);
	}
}

async function shareOwner(from: Store, to: Store): Promise<void> {
	const owner = await from.owner();
	if (owner === null || (await to.isOwnedBy(owner))) return;
	throw new AppError(
		"CONFLICT",
		`${to.place} holds something else already: it belongs to another Atelier's record, or to none. Name an empty one.`,
	);
}
