import { APP_ERROR_CODES } from "@atelier/core";
import type { ImportOutcome, ImportProgress, ImportRequest, ReadableFolders } from "@atelier/data";
import { z } from "zod";

/** What a process that imports is told; one import at a time. */
export interface ImportOrder {
	request: ImportRequest;
	/** The artifact store. */
	store: string;
	/** Where the request's paths must lie; without it they are our own. */
	readable?: ReadableFolders;
}

/** Both ends are of one version of this file: only what kind of message it is wants a look. */
export const workerMessage = z.discriminatedUnion("type", [
	z.object({ type: z.literal("order"), order: z.custom<ImportOrder>() }),
	/** To `isWhole`. */
	z.object({ type: z.literal("answer"), isWhole: z.boolean() }),
]);
export type WorkerMessage = z.infer<typeof workerMessage>;

/** What the process says to the worker. */
export const importMessage = z.discriminatedUnion("type", [
	z.object({ type: z.literal("progress"), progress: z.custom<ImportProgress>() }),
	/** Asks for what the record says of a dataset that is there already (`ImportOptions.isWhole`). */
	z.object({ type: z.literal("isWhole"), datasetId: z.string() }),
	z.object({ type: z.literal("done"), outcome: z.custom<ImportOutcome>() }),
	z.object({ type: z.literal("failed"), code: z.enum(APP_ERROR_CODES).nullable(), message: z.string() }),
]);
export type ImportMessage = z.infer<typeof importMessage>;
