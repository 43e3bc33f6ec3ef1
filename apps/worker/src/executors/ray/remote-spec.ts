import { join } from "node:path";
import { AppError, type RemoteSpec, remoteFile, remoteMail, remoteSpec, type StoredFile } from "@atelier/core";
import { ADDRESS_SECONDS, type AddressSigner } from "@atelier/jobs";
import { parseRef, type Ref, type Store } from "@atelier/store";
import type { StageSubmission } from "../executor";
import { checkpointFiles } from "./checkpoint-files";

const HEARTBEAT_SECONDS = 5;
/** Documents of an artifact that no stage reads, and of a dataset all but its catalogue: what was bought is in the split. */
const UNREAD = new Set(["spec.json", "receipt.json"]);
const READ_OF_DATASET = new Set(["items.parquet"]);

/** Where a host fetches and publishes. */
export interface Addresses {
	store: Store;
	signer: AddressSigner;
	/** Of the console, as the host reaches it, without a slash at its end. */
	consoleUrl: string;
}

/**
 * What the process on the host is told: the stage's spec without its folders, which only the host can name.
 *
 * @param orders where the host finds what it may write, of a store that has an inbox for it
 */
export async function remoteSpecOf(
	addresses: Addresses,
	submission: StageSubmission,
	orders: string | null,
): Promise<RemoteSpec> {
	const { inputs: refs, output: _, ...stage } = submission.spec;
	const inputs: RemoteSpec["inputs"] = {};
	for (const [name, ref] of Object.entries(refs)) {
		const key = submission.inputKeys[name];
		if (key === undefined) throw new AppError("INTERNAL", `The input ${name} has no key.`);
		inputs[name] = { key, files: await filesOf(addresses, submission.id, name, ref) };
	}
	return remoteSpec.parse({
		contract: 1,
		stage,
		inputs,
		resume: await resumeOf(addresses, submission),
		outputs:
			orders === null
				? { url: `${addresses.consoleUrl}${addresses.signer.put(submission.id, ADDRESS_SECONDS)}` }
				: { orders },
		heartbeatSeconds: HEARTBEAT_SECONDS,
		cache: {},
	});
}

async function filesOf(
	addresses: Addresses,
	attempt: string,
	name: string,
	ref: Ref,
): Promise<RemoteSpec["inputs"][string]["files"]> {
	const listed = await addresses.store.filesOf(ref, { isSurface: true });
	if (listed === null) throw new AppError("BAD_DATA", `Its input ${name} is not in the store.`);
	const isRead = ({ path }: StoredFile) => (name === "dataset" ? READ_OF_DATASET.has(path) : !UNREAD.has(path));
	const files = listed.filter(isRead);
	return Promise.all(files.map(async (file) => ({ ...file, url: await readAddress(addresses, attempt, ref, file) })));
}

/**
 * An attempt that failed is no artifact, and its files lie where it was made: they go through the console's route, or into
 * the inbox of the attempt that goes on from them.
 */
async function resumeOf(
	{ store, signer, consoleUrl }: Addresses,
	{ id, resume }: StageSubmission,
): Promise<RemoteSpec["resume"]> {
	if (resume === null) return [];
	const { attemptId: key = "" } = { attemptId: "", ...parseRef(resume) };
	const inbox = store.inbox(id);
	const addressOf = async (file: StoredFile) => {
		if (inbox === null) return `${consoleUrl}${signer.get(id, resume, file, ADDRESS_SECONDS)}`;
		const name = remoteMail.resume(file.path);
		await inbox.send(name, join(store.draft(resume), file.path), file);
		return inbox.address(name, "get", ADDRESS_SECONDS);
	};
	const files = await Promise.all(
		(await checkpointFiles(store.draft(resume))).map(async (file) => ({
			...file,
			path: file.path.slice(file.path.indexOf("/") + 1),
			url: await addressOf(file),
		})),
	);
	return files.length === 0 ? [] : [{ key, files }];
}

/** SPEC-URL: the document is no artifact, and so it lies in the inbox or comes by the console's route. */
export async function specAddress(
	{ store, signer, consoleUrl }: Addresses,
	attempt: string,
	ref: string,
	sizeBytes: number,
	spec: RemoteSpec,
): Promise<string> {
	const inbox = store.inbox(attempt);
	if (inbox !== null) {
		await inbox.write(remoteMail.spec, JSON.stringify(spec));
		return inbox.address(remoteMail.spec, "get", ADDRESS_SECONDS);
	}
	return `${consoleUrl}${signer.get(attempt, ref, { path: remoteFile.spec, sizeBytes }, ADDRESS_SECONDS)}`;
}

/** Of the store itself, where it has addresses; else the console's route. */
async function readAddress(
	{ store, signer, consoleUrl }: Addresses,
	attempt: string,
	ref: string,
	file: Pick<StoredFile, "path" | "sizeBytes">,
): Promise<string> {
	const own = await store.address(ref, file.path, "get", ADDRESS_SECONDS);
	return own ?? `${consoleUrl}${signer.get(attempt, ref, file, ADDRESS_SECONDS)}`;
}
