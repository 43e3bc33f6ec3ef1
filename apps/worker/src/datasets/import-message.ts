import { APP_ERROR_CODES } from "@atelier/core";
import type {
	CheckedRanks,
	ImportOutcome,
	ImportProgress,
	ImportRequest,
	OutsideCheck,
	ReadableFolders,
} from "@atelier/data";
import { z } from "zod";

/** An import of a shopping log. */
export interface ImportOrder {
	request: ImportRequest;
	/** The artifact store. */
	store: string;
	/** Where the request's paths must lie; without it they are our own. */
	readable?: ReadableFolders;
}

/** A check of a file of ranks. */
export interface RanksOrder {
	check: OutsideCheck;
	readable: ReadableFolders;
}

/** What a process that reads people's files is told; one thing at a time. */
export type ProcessOrder = ({ what: "log" } & ImportOrder) | ({ what: "ranks" } & RanksOrder);

/** Both ends are of one version of this file: only what kind of message it is wants a look. */
export const workerMessage = z.discriminatedUnion("type", [
	z.object({ type: z.literal("order"), order: z.custom<ProcessOrder>() }),
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
	z.object({ type: z.literal("checked"), outcome: z.custom<CheckedRanks>() }),
	z.object({ type: z.literal("failed"), code: z.enum(APP_ERROR_CODES).nullable(), message: z.string() }),
]);
export type ImportMessage = z.infer<typeof importMessage>;
/** How an order ends well. */
export type Finished = Extract<ImportMessage, { type: "done" | "checked" }>;
