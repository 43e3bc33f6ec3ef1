import { AppError, knownProtocolOf } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";
import { findRun } from "./find-run";
import { refuseUnfinished } from "./inspected-run";

/** Two runs whose shoppers are put beside each other. */
export interface ComparedPair {
	first: PairedRun;
	other: PairedRun;
	/** The K that both are measured at. */
	k: number;
	/** `first_p JOIN other_p`: the predictions of both for the same purchase of the same shopper. */
	joined: Prisma.Sql;
}

interface PairedRun {
	id: string;
	datasetId: string;
	/** Key of the split whose examples its predictions number. */
	split: string;
}

const include = { stages: { select: { stage: { select: { key: true, kind: true, datasetId: true } } } } } as const;

/**
 * @throws AppError NOT_FOUND for an unknown run, CONFLICT for one without results, BAD_REQUEST for two datasets or cutoffs.
 */
export async function findPair(db: Database, firstId: string, otherId: string): Promise<ComparedPair> {
	const [first, other] = await Promise.all([findRun(db, firstId, include), findRun(db, otherId, include)]);
	for (const run of [first, other]) refuseUnfinished(run);
	if (first.datasetId !== other.datasetId) {
		throw new AppError("BAD_REQUEST", `Runs ${first.id} and ${other.id} are on different datasets.`);
	}
	const cutoffs = [first, other].map((run) => knownProtocolOf(run)?.k ?? 10);
	const k = Math.min(...cutoffs);
	const [a, b] = [pairedRun(first), pairedRun(other)];
	return { first: a, other: b, k, joined: joinedBy(a, b) };
}

function pairedRun(run: Awaited<ReturnType<typeof findRun<typeof include>>>): PairedRun {
	// A zero-shot run has a split of its source as well.
	const split = run.stages.find(({ stage }) => stage.kind === "split" && stage.datasetId === run.datasetId)?.stage.key;
	return { id: run.id, datasetId: run.datasetId, split: split ?? "" };
}

/**
 * Examples of one split have the same numbers; those of two are the same where shopper and purchase are, the n-th such
 * purchase of a shopper being matched with the n-th.
 */
function joinedBy(first: PairedRun, other: PairedRun): Prisma.Sql {
	if (first.split === other.split && first.split !== "") {
		return Prisma.sql`prediction first_p JOIN prediction other_p
			ON first_p.run_id = ${first.id} AND other_p.run_id = ${other.id} AND other_p.example_id = first_p.example_id`;
	}
	return Prisma.sql`${numbered(first.id)} first_p JOIN ${numbered(other.id)} other_p
		USING (user_id, ground_truth, occurrence)`;
}

const numbered = (runId: string): Prisma.Sql => Prisma.sql`(
	SELECT example_id, user_id, ground_truth, rank, items, cold,
		row_number() OVER (PARTITION BY user_id, ground_truth ORDER BY example_id) AS occurrence
	FROM prediction WHERE run_id = ${runId}
)`;
