import { randomUUID } from "node:crypto";
import { isAbsolute } from "node:path";
import {
	AppError,
	describeProtocol,
	knownProtocolOf,
	outsideMapping,
	outsideMethod,
	outsideName,
	parseSetting,
	uploadId,
} from "@atelier/core";
import { readablePath } from "@atelier/data";
import type { Database } from "@atelier/db";
import { outsideImportRequest } from "@atelier/jobs";
import { z } from "zod";
import type { Context } from "../../context";
import { findReadyDatasets } from "../../rows/find-dataset";
import { findRun } from "../../rows/find-run";
import { procedure } from "../../trpc";
import { readMapping } from "./read-mapping";

/** What a check found is of use for a while. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

const input = z.strictObject({
	/** A file below one of ATELIER_FILES; this, or an upload. */
	path: z.string().refine(isAbsolute, "must be an absolute path on the machine that runs the worker").optional(),
	upload: uploadId.optional(),
	dataset: z.string(),
	/** The method's name, as people call it. */
	method: outsideName,
	/** The run whose split it shares; else the newest of the dataset in this setting (and preset) is taken. */
	like: z.string().optional(),
	preset: z.string().optional(),
	setting: z.string().default("full"),
	seed: z.int().nonnegative().default(0),
	k: z.int().min(1).max(100).optional(),
	/** Which column holds what, also as the text of a YAML file; guessed from the columns' names when absent. */
	mapping: z.union([outsideMapping, z.string().max(64_000)]).optional(),
	encoding: z.string().min(1).max(40).optional(),
	ignoreUnknown: z.boolean().default(false),
	missingAsMissed: z.boolean().default(false),
	/** Only says what would come of it. */
	dryRun: z.boolean().default(false),
});

/** Begins to check a file of ranks, which becomes a run of an outside method where nothing is wrong with it. */
export const startImport = procedure.input(input).mutation(async ({ ctx, input: given }) => {
	const { db, queue } = ctx;
	const [dataset, other] = await findReadyDatasets(db, [given.dataset]);
	if (dataset === undefined || other !== undefined) {
		throw new AppError("BAD_REQUEST", `${given.dataset} is a group of datasets: name one of them.`);
	}
	await refuseLookAlike(db, given.method);
	const like = await likeOf(db, dataset, given);
	const mapping = typeof given.mapping === "string" ? readMapping(given.mapping) : given.mapping;
	const path = await pathOf(ctx, given);
	const { upload, encoding, seed, k, dryRun, ignoreUnknown, missingAsMissed } = given;
	const leniency = { ignoreUnknown, missingAsMissed };
	const request = outsideImportRequest.parse({
		...{ path, upload, mapping, encoding, like: like.id, seed, k, leniency, dryRun },
	});
	await db.outsideImport.deleteMany({ where: { finishedAt: { lt: new Date(Date.now() - KEPT_MS) } } });
	const id = `outside-${randomUUID()}`;
	await db.outsideImport.create({
		data: { id, datasetId: dataset.id, method: outsideMethod(given.method), request },
	});
	await queue.send("import-run", { importId: id });
	const protocol = knownProtocolOf(like);
	return {
		id,
		dataset: dataset.name,
		/** Whose split it is held against, and how it is measured. */
		like: { run: like.id, method: like.method, preset: like.preset, setting: like.setting },
		protocol: protocol === null ? null : describeProtocol({ ...protocol, k: k ?? protocol.k }),
	};
});

/** Where the file lies, handed over or named. @throws AppError BAD_REQUEST */
async function pathOf(ctx: Context, { path, upload }: { path?: string | undefined; upload?: string | undefined }) {
	if (upload !== undefined && path === undefined) {
		const [file, ...others] = (await ctx.uploads.complete(upload)).filter(({ role }) => role === "data");
		if (file === undefined || others.length > 0) throw new AppError("BAD_REQUEST", "Hand over one file of ranks.");
		return file.path;
	}
	if (path === undefined || upload !== undefined) {
		throw new AppError("BAD_REQUEST", "An import needs either a path or an upload.");
	}
	return readablePath(ctx.readable, path);
}

type Wanted = Pick<z.infer<typeof input>, "like" | "preset" | "setting">;

/** @throws AppError CONFLICT where no run has made a split yet, BAD_REQUEST for one that does not fit */
async function likeOf(db: Database, dataset: { id: string; name: string }, { like, preset, setting }: Wanted) {
	if (like !== undefined) {
		const run = await findRun(db, like, { dataset: { select: { name: true } } });
		if (run.datasetId !== dataset.id) {
			throw new AppError("BAD_REQUEST", `Run ${run.id} is on ${run.dataset.name}, not on ${dataset.name}.`);
		}
		return run;
	}
	parseSetting(setting);
	const run = await db.run.findFirst({
		where: {
			...{ datasetId: dataset.id, setting, variant: "full", status: "succeeded" as const, ...(preset && { preset }) },
			// One that came from outside has its split from another.
			NOT: { method: { startsWith: outsideMethod("") } },
		},
		orderBy: [{ createdAt: "desc" }, { id: "desc" }],
	});
	if (run !== null) return run;
	const where = `${setting === "full" ? "" : ` in the setting ${setting}`}${preset ? ` with preset ${preset}` : ""}`;
	throw new AppError(
		"CONFLICT",
		`No run on ${dataset.name}${where} has succeeded yet, so that there is no split to hold the file against. ` +
			`The quickest: npx atelier launch table2 --dataset ${dataset.name} --methods popularity${preset ? ` --preset ${preset}` : ""}`,
	);
}

/** Two rows of a table that a reader cannot tell apart would be one method. @throws AppError CONFLICT */
async function refuseLookAlike(db: Database, name: string): Promise<void> {
	const method = outsideMethod(name);
	const known = await db.run.groupBy({ by: ["method"], where: { method: { equals: method, mode: "insensitive" } } });
	const other = known.find((one) => one.method !== method);
	if (other === undefined) return;
	throw new AppError(
		"CONFLICT",
		`There is a method "${other.method.slice(outsideMethod("").length)}" already: write it the same way, or choose another name.`,
	);
}
