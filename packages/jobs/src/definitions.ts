import { z } from "zod";

/**
 * Every job (stages are none: a worker picks the next one when a slot is free): its payload and the key under which
 * there is at most one of it, waiting or active. Payloads carry ids; the rows they name hold the input, so a job that
 * comes twice or late finds out what is still to be done.
 */
export const JOBS = {
	/** Imports, or generates and imports, what the dataset row's `request` asks for ({@link importRequest}). */
	"import-dataset": job(z.strictObject({ datasetId: z.string() }), (payload) => payload.datasetId),
	/** Checks a file of ranks and makes a run of it (`outside_import`'s row). */
	"import-run": job(z.strictObject({ importId: z.string() }), (payload) => payload.importId),
	/** Loads metrics and predictions of a run whose every stage has succeeded, and marks it succeeded. */
	"finish-run": job(z.strictObject({ runId: z.string() }), (payload) => payload.runId),
	/** Asks a host what it has (`hosts/probing.ts` keeps the answer). */
	"probe-host": job(z.strictObject({ name: z.string() }), (payload) => payload.name),
	/** Starts the live recommendation process of a retrieve stage. */
	"serve-model": job(z.strictObject({ key: z.string() }), (payload) => payload.key),
} as const;

export type JobName = keyof typeof JOBS;
export type JobPayload<Name extends JobName> = z.infer<(typeof JOBS)[Name]["payload"]>;

export interface JobDefinition<Payload> {
	payload: z.ZodType<Payload>;
	singletonKey: (payload: unknown) => string;
}

export const JOB_NAMES = [
	"import-dataset",
	"import-run",
	"finish-run",
	"probe-host",
	"serve-model",
] as const satisfies JobName[];

function job<Payload>(payload: z.ZodType<Payload>, keyOf: (payload: Payload) => string): JobDefinition<Payload> {
	return { payload, singletonKey: (given) => keyOf(payload.parse(given)) };
}
