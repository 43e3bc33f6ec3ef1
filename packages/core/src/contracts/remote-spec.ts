import { z } from "zod";
import { storedFile } from "./stored-file";

/** What a file is fetched by: its address is signed, and good for some hours. */
const inputFile = z.strictObject({
	path: z.string().min(1),
	sizeBytes: z.int().nonnegative(),
	sha256: z.string().regex(/^[0-9a-f]{64}$/),
	url: z.url(),
});

const keyedFiles = z.strictObject({ key: z.string().regex(/^[A-Za-z0-9-]{1,64}$/), files: z.array(inputFile) });

/**
 * The document behind SPEC-URL, all that `python -m atelier_trainer.remote` is told: the stage's spec with addresses in
 * place of folders.
 */
export const remoteSpec = z.strictObject({
	contract: z.literal(1),
	/** `stageSpec` without `inputs` and `output`, which only the host can name. */
	stage: z.record(z.string(), z.unknown()),
	/** `key` is the input stage's or the dataset's: what the host's cache keeps files under, with their checksum. */
	inputs: z.record(z.string(), keyedFiles),
	/** Checkpoints that earlier attempts left, by the attempt's id; paths as in its `checkpoints/`. */
	resume: z.array(keyedFiles).default([]),
	outputs: z.union([
		/** Where files go, `{path}` standing for the name: in pieces, so that a transfer that breaks goes on. */
		z.strictObject({ url: z.string(), pieceBytes: z.int().positive().optional() }),
		/** Of a bucket: where the addresses of what may be written next are found (`mailOrders`). */
		z.strictObject({ orders: z.string() }),
	]),
	heartbeatSeconds: z.number().positive(),
	/** Of the host's cache; without a folder, where caches of its user go. */
	cache: z.strictObject({ folder: z.string().optional(), maxBytes: z.int().positive().optional() }),
});
export type RemoteSpec = z.infer<typeof remoteSpec>;

/** Folder, in an attempt's, of what a remote stage tells of itself; nothing in it is an output. */
export const REMOTE_FOLDER = ".remote";
export const remoteFile = {
	/** The document behind SPEC-URL, and what it was handed over as: ours. The others are the stage's. */
	spec: `${REMOTE_FOLDER}/spec.json`,
	submitted: `${REMOTE_FOLDER}/submitted.json`,
	claim: `${REMOTE_FOLDER}/claim.json`,
	heartbeat: `${REMOTE_FOLDER}/heartbeat.json`,
	ended: `${REMOTE_FOLDER}/ended.json`,
	transfer: `${REMOTE_FOLDER}/transfer.json`,
	log: `${REMOTE_FOLDER}/stderr.log`,
	events: (number: number) => `${REMOTE_FOLDER}/events/${String(number).padStart(8, "0")}.ndjson`,
} as const;

/** What it cost to bring a stage's files there and back. */
export const transferFacts = z.object({
	phase: z.string(),
	host: z.string(),
	fetchedBytes: z.number().nonnegative(),
	reusedBytes: z.number().nonnegative(),
	publishedBytes: z.number().nonnegative(),
	/** Phase → how long it took. */
	seconds: z.record(z.string(), z.number()),
});
export type TransferFacts = z.infer<typeof transferFacts>;

/** Written every few seconds. It is alive while `beat` changes: nobody compares clocks of two machines. */
export const heartbeat = transferFacts.extend({ beat: z.int().positive(), run: z.string() });
export type Heartbeat = z.infer<typeof heartbeat>;

/** How a remote stage ended that left no receipt. */
export const remoteEnd = z.object({ exitCode: z.int().nullable(), signal: z.string().nullable() });
export type RemoteEnd = z.infer<typeof remoteEnd>;

/** Of a piece's whole file, in hex. */
export const ARTIFACT_HASH_HEADER = "x-atelier-sha256";
/** What one request carries of a file on its way in. */
export const ARTIFACT_PIECE_BYTES = 8 << 20;

/** Names in the inbox of an attempt, where the store has one; what is told of a stage has the names of `remoteFile`. */
export const remoteMail = {
	spec: "spec.json",
	orders: "orders.json",
	index: "index.json",
	/** A file's content: which file it is says the index, since addresses are handed out before names are known. */
	slot: (number: number) => `files/${String(number).padStart(5, "0")}`,
	resume: (path: string) => `resume/${path}`,
} as const;

/** What a remote stage may write next, by names in the inbox, and where it reads this again and who has its attempt. */
export const mailOrders = z.strictObject({
	put: z.record(z.string(), z.url()),
	orders: z.url(),
	claim: z.url(),
});
export type MailOrders = z.infer<typeof mailOrders>;

/** The files that a remote stage has put into slots, in the order in which they count. */
export const mailIndex = z.strictObject({
	files: z.array(storedFile.extend({ slot: z.int().positive() })).max(10_000),
});
export type MailIndex = z.infer<typeof mailIndex>;
