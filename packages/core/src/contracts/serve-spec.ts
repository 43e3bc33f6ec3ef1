import { z } from "zod";
import { encodeQueriesParams, generateParams, retrieveParams } from "./stage-params";

/** What a process of live serving is told (docs/contracts.md, "Live serving"). */
export const serveSpec = z.strictObject({
	contract: z.literal(1),
	/** 0 takes a free one. */
	port: z.int().nonnegative().max(65_535),
	token: z.string(),
	idleSeconds: z.number().positive(),
	threads: z.int().positive(),
	/** Input name → absolute folder of that stage's outputs. */
	inputs: z.record(z.string(), z.string()),
	generate: generateParams,
	encoder: encodeQueriesParams,
	listLength: retrieveParams.shape.listLength,
	/** Absolute path of the file that says, once the models are loaded, where the process listens. */
	ready: z.string(),
});
export type ServeSpec = z.infer<typeof serveSpec>;
