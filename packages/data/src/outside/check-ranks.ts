import { join } from "node:path";
import {
	AppError,
	guessOutsideMapping,
	type OutsideLeniency,
	type OutsideMapping,
	type OutsideReport,
	RANK_METRICS,
} from "@atelier/core";
import { z } from "zod";
import { type DuckDb, openDuckDb } from "../duckdb";
import { type ReadableFolders, readablePath } from "../files";
import { refuseUnknownEncoding } from "../import/encoding";
import { createStagingTables, type ImportContext } from "../import/import-context";
import type { ImportProgress } from "../import/request";
import { inspectFile, kindOfName } from "../import/source-file";
import { STORED_LENGTH } from "../stages/ranked-list";
import { findProblems } from "./find-problems";
import { previewOf, readGivenRows, refuseMissingColumns } from "./given-rows";
import { createGivenTables, createKnownTables, createMatchedTables, type SplitFolders } from "./rank-tables";
import { ranksContent } from "./ranks-content";

export interface OutsideCheck extends SplitFolders {
	/** CSV, TSV, JSON lines or Parquet. */
	path: string;
	/** Guessed from the columns' names when absent. */
	mapping?: OutsideMapping | undefined;
	encoding?: string | undefined;
	leniency: OutsideLeniency;
	/** Cutoff of the metrics. */
	k: number;
	/** Scratch; the checked ranks are left in it as `ranks.parquet` where nothing is wrong. */
	folder: string;
}

export interface CheckedRanks {
	report: OutsideReport;
	/** Names the ranks where they can be imported; they lie at `path` then. */
	content: string | null;
	path: string;
}

export interface OutsideCheckOptions {
	readable?: ReadableFolders | undefined;
	onProgress?: (progress: ImportProgress) => void;
}

/**
 * Reads a file of ranks or ranked lists and holds it against a split: shoppers, items, ranks, ground truths.
 *
 * @throws AppError BAD_REQUEST and BAD_DATA for a file that cannot be read at all
 */
export async function checkOutsideRanks(
	check: OutsideCheck,
	{ readable, onProgress = () => undefined }: OutsideCheckOptions = {},
): Promise<CheckedRanks> {
	refuseUnknownEncoding(check.encoding);
	const path = readable === undefined ? check.path : await readablePath(readable, check.path);
	const kind = kindOfName(path);
	if (kind === null) {
		throw new AppError("BAD_REQUEST", "A file of ranks is named .csv, .tsv, .jsonl or .parquet (text also with .gz).");
	}
	const source = await inspectFile(path, kind);
	const db = await openDuckDb({
		file: join(check.folder, "work.duckdb"),
		temporaryFolder: join(check.folder, "spill"),
	});
	try {
		await createStagingTables(db);
		const rest = { signal: undefined, encoding: check.encoding, files: [], rowTexts: [] };
		const context: ImportContext = { db, folder: check.folder, report: onProgress, ...rest };
		const step = (name: string, done: number) => onProgress({ step: name, done, total: 4, unit: "steps" });
		const given = await readGivenRows(context, source);
		await refuseUnread(db, source.name);
		const mapping = check.mapping ?? guessOutsideMapping(given.columns);
		const report: OutsideReport = {
			file: source.name,
			columns: given.columns,
			preview: await previewOf(context, given),
			mapping,
			shoppers: { expected: 0, found: 0 },
			problems: [],
			notes: [],
			warnings: [],
			metrics: null,
		};
		const out = join(check.folder, "ranks.parquet");
		if (mapping === null) {
			const message = "It cannot be told from their names what the columns hold: name them by a mapping";
			const first = [{ line: null, text: given.columns.slice(0, 20).join(", ") }];
			return { report: { ...report, problems: [{ message, count: 1, first }] }, content: null, path: out };
		}
		refuseMissingColumns(given, mapping, source.name);
		step("reading the split", 1);
		await createKnownTables(db, check);
		step("matching", 2);
		await createGivenTables(db, given, mapping);
		await createMatchedTables(db);
		step("checking", 3);
		const shoppers = await countShoppers(db);
		const problems = await findProblems(db, mapping, check.leniency);
		if (shoppers.found === 0 && problems.length === 0) {
			problems.push({ message: "No row is of a test shopper of this split", count: 1, first: [] });
		}
		if (problems.length > 0) return { report: { ...report, shoppers, problems }, content: null, path: out };
		await writeRanks(db, mapping, out);
		const { notes, warnings } = await remarksOn(db, mapping, check.k);
		const content = await ranksContent(db, out);
		step("checked", 4);
		const metrics = await metricsOf(db, check.k);
		return { report: { ...report, shoppers, notes, warnings, metrics }, content, path: out };
	} finally {
		db.close();
	}
}

/** @throws AppError BAD_DATA where a row of the file could not be read: nobody knows whose it was */
async function refuseUnread(db: DuckDb, name: string): Promise<void> {
	const [first] = await db.all(
		z.object({ reason: z.string(), line: z.number(), total: z.number() }),
		"SELECT reason, line, count(*) OVER () AS total FROM quarantine ORDER BY line LIMIT 1",
	);
	if (first === undefined) return;
	throw new AppError(
		"BAD_DATA",
		`${name}: ${first.total} rows cannot be read. First: line ${first.line}: ${first.reason}.`,
	);
}

async function countShoppers(db: DuckDb): Promise<OutsideReport["shoppers"]> {
	return db.one(
		z.object({ expected: z.number(), found: z.number() }),
		`SELECT (SELECT count(*) FROM shoppers WHERE wanted) AS expected,
			(SELECT count(DISTINCT example_id) FROM matched) AS found`,
	);
}

/** As a baseline leaves its ranks: a row for each wanted test shopper, those whom the file does not have unranked. */
async function writeRanks(db: DuckDb, { rank, ranksFrom = 1 }: OutsideMapping, path: string): Promise<void> {
	await db.run(`CREATE TABLE lists AS SELECT example_id, min(place) FILTER (item_id = target_item) AS place, max(place) AS length,
			list(item_id ORDER BY place) FILTER (place <= ${STORED_LENGTH}) AS items,
			CASE WHEN count(score) = count(*) THEN list(score ORDER BY place) FILTER (place <= ${STORED_LENGTH}) END AS scores
		FROM placed GROUP BY example_id`);
	const given = rank === undefined ? "NULL" : `try_cast(m.rank_text AS DOUBLE)::INTEGER - ${ranksFrom - 1}`;
	await db.run(`CREATE TABLE ranks AS SELECT s.example_id, coalesce(l.place, ${given})::INTEGER AS rank,
			coalesce(l.items, [])::INTEGER[] AS items, l.scores::DOUBLE[] AS scores,
			m.example_id IS NOT NULL AS is_found, coalesce(l.length, 0) AS length
		FROM shoppers s LEFT JOIN matched m USING (example_id) LEFT JOIN lists l USING (example_id) WHERE s.wanted`);
	await db.writeParquet("SELECT example_id, rank, items, scores FROM ranks ORDER BY example_id", path);
}

async function remarksOn(db: DuckDb, mapping: OutsideMapping, k: number) {
	const facts = await db.one(
		z.object({
			missing: z.number(),
			short: z.number(),
			long: z.number(),
			rising: z.number(),
			left_out: z.number(),
			other: z.number(),
		}),
		`SELECT count(*) FILTER (NOT is_found) AS missing,
			count(*) FILTER (is_found AND length > 0 AND length < ${k} AND rank IS NULL) AS short,
			count(*) FILTER (length > ${STORED_LENGTH}) AS long,
			count(*) FILTER (scores IS NOT NULL AND scores <> list_reverse_sort(scores)) AS rising,
			(SELECT count(*) FROM resolved WHERE example_id IS NULL) AS left_out,
			(SELECT count(*) FROM resolved WHERE NOT wanted) AS other
		FROM ranks`,
	);
	const { missing, short, long, rising, left_out: leftOut, other } = facts;
	const count = (value: number) => value.toLocaleString("en-US");
	const hasLists = mapping.items !== undefined || mapping.item !== undefined;
	return {
		notes: [
			...(other > 0
				? [`${count(other)} rows are of test shoppers whom this setting does not ask for, and are left out.`]
				: []),
			...(long > 0
				? [
						`${count(long)} lists are longer than ${STORED_LENGTH}: ranks count in full, and the first ${STORED_LENGTH} items are kept.`,
					]
				: []),
			...(rising > 0
				? [`In ${count(rising)} lists a score is above the one before it: the order of the list counts.`]
				: []),
			...(hasLists ? [] : ["The file has ranks alone: there are no lists to look at in the inspector."]),
		],
		warnings: [
			...(leftOut > 0
				? [`${count(leftOut)} rows of the imported file are of no test shopper of this split, and were left out.`]
				: []),
			...(missing > 0 ? [`${count(missing)} test shoppers are not in the imported file, and count as missed.`] : []),
			...(short > 0
				? [
						`${count(short)} lists of the imported file are shorter than ${k} and without the ground truth, which counts as missed.`,
					]
				: []),
		],
	};
}

async function metricsOf(db: DuckDb, k: number): Promise<Record<string, number>> {
	const places = await db.all(
		z.object({ rank: z.number().nullable(), shoppers: z.number() }),
		`SELECT CASE WHEN rank <= ${k} THEN rank END AS rank, count(*) AS shoppers FROM ranks GROUP BY ALL ORDER BY rank`,
	);
	const total = places.reduce((sum, { shoppers }) => sum + shoppers, 0);
	return Object.fromEntries(
		RANK_METRICS.map(([name, gain]) => {
			const sum = places.reduce((all, { rank, shoppers }) => all + shoppers * gain(rank, k), 0);
			return [`${name}@${k}`, sum / Math.max(total, 1)];
		}),
	);
}
