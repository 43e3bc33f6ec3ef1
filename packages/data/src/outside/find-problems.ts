import type { OutsideLeniency, OutsideMapping, OutsideProblem } from "@atelier/core";
import { z } from "zod";
import type { DuckDb } from "../duckdb";

const FIRST = 5;
const example = z.object({ line: z.number().nullable(), text: z.string(), total: z.number() });

/** Something that keeps a file from being imported: what it is, and SQL for the rows (`line`, `text`) that show it. */
interface Check {
	message: string;
	rows: string;
}

const shown = (value: string) => `left(coalesce(${value}, ''), 80)`;

/** Everything that is wrong with the tables of `rank-tables.ts`, in the order in which a person would mend it. */
export async function findProblems(
	db: DuckDb,
	mapping: OutsideMapping,
	leniency: OutsideLeniency,
): Promise<OutsideProblem[]> {
	const problems: OutsideProblem[] = [];
	for (const { message, rows } of checksOf(mapping, leniency)) {
		const found = await db.all(
			example,
			`SELECT line, text, count(*) OVER () AS total FROM (${rows}) ORDER BY line NULLS LAST, text LIMIT ${FIRST}`,
		);
		const [first] = found;
		if (first === undefined) continue;
		problems.push({ message, count: first.total, first: found.map(({ line, text }) => ({ line, text })) });
	}
	return problems;
}

function checksOf(mapping: OutsideMapping, leniency: OutsideLeniency): Check[] {
	const isByItem = mapping.item !== undefined;
	return [
		{
			message: "Rows without a shopper",
			rows: "SELECT line, 'no value' AS text FROM entries WHERE user_key IS NULL",
		},
		...(leniency.ignoreUnknown ? [] : unknownShoppers()),
		...(isByItem ? itemChecks(mapping) : rowChecks(mapping)),
		...(mapping.groundTruth === undefined ? [] : truthChecks(isByItem)),
		{
			message: "Items that the catalogue of the data set does not have",
			rows: `SELECT line, ${shown("item_key")} AS text FROM placed WHERE item_id IS NULL`,
		},
		{
			message: "Items that stand twice in a shopper's list",
			rows: `SELECT min(line) AS line, ${shown("any_value(item_key)")} AS text FROM placed
				WHERE item_id IS NOT NULL GROUP BY example_id, item_id HAVING count(*) > 1`,
		},
		...(leniency.missingAsMissed
			? []
			: [
					{
						message: "Test shoppers of the split that the file says nothing of",
						rows: `SELECT NULL::BIGINT AS line, ${shown("user_key")} AS text FROM shoppers
							WHERE wanted AND example_id NOT IN (SELECT example_id FROM matched)`,
					},
				]),
	];
}

function unknownShoppers(): Check[] {
	const unmatched = "resolved WHERE example_id IS NULL AND user_key IS NOT NULL";
	return [
		{
			message: "Shoppers that the data set does not have",
			rows: `SELECT line, ${shown("user_key")} AS text FROM ${unmatched}
				AND user_key NOT IN (SELECT user_key FROM everyone)`,
		},
		{
			message: "Shoppers of the data set who are no test shoppers of this split",
			rows: `SELECT line, ${shown("user_key")} AS text FROM ${unmatched}
				AND user_key IN (SELECT user_key FROM everyone)`,
		},
	];
}

/** Of a file with a list, or a rank, a row. */
function rowChecks({ items, rank, score, ranksFrom = 1 }: OutsideMapping): Check[] {
	const isWhole = "regexp_full_match(rank_text, '[+-]?\\d{1,15}(\\.0+)?')";
	const value = `(try_cast(rank_text AS DOUBLE) - ${ranksFrom - 1})`;
	const place = `(SELECT min(place) FROM placed p WHERE p.example_id = m.example_id AND p.item_id = m.target_item)`;
	return [
		{
			message: "Shoppers who stand in more than one row",
			rows: `SELECT line, ${shown("user_key")} AS text FROM matched
				QUALIFY row_number() OVER (PARTITION BY example_id ORDER BY line) > 1`,
		},
		...(items === undefined
			? []
			: [
					{
						message: "Lists that cannot be read (JSON, or keys with the separator between)",
						rows: `SELECT line, ${shown("list_text")} AS text FROM matched WHERE list_text IS NOT NULL AND list IS NULL`,
					},
				]),
		...(score === undefined
			? []
			: [
					{
						message: "Scores that are no list of numbers as long as the list of items",
						rows: `SELECT line, ${shown("score_text")} AS text FROM matched WHERE score_text IS NOT NULL AND (scores IS NULL
							OR len(scores) <> len(list) OR len(list_filter(scores, lambda s: try_cast(s AS DOUBLE) IS NULL)) > 0)`,
					},
				]),
		...(rank === undefined
			? []
			: [
					{
						message: "Ranks that are no whole numbers (leave it empty where the ground truth is not ranked)",
						rows: `SELECT line, ${shown("rank_text")} AS text FROM matched WHERE rank_text IS NOT NULL AND NOT ${isWhole}`,
					},
					{
						message: `Ranks out of range (they count from ${ranksFrom} to the size of the catalogue)`,
						rows: `SELECT line, ${shown("rank_text")} AS text FROM matched
							WHERE ${isWhole} AND (${value} < 1 OR ${value} > (SELECT count(*) FROM catalogue))`,
					},
				]),
		...(rank === undefined || items === undefined
			? []
			: [
					{
						message: "Ranks that disagree with the place of the ground truth in the list",
						rows: `SELECT line, coalesce(rank_text, 'no rank') || ', in the list ' || coalesce('at place ' || place, 'nowhere') AS text
							FROM (SELECT m.line, m.rank_text, len(m.list) AS length, ${place} AS place, ${value} AS value FROM matched m
								WHERE m.list IS NOT NULL AND (m.rank_text IS NULL OR ${isWhole}))
							WHERE (place IS NOT NULL AND value IS DISTINCT FROM place) OR (place IS NULL AND value <= length)`,
					},
				]),
	];
}

/** Of a file with an item a row. */
function itemChecks({ rank, score, ranksFrom = 1 }: OutsideMapping): Check[] {
	const wanted = "flat JOIN (SELECT DISTINCT user_key FROM matched) USING (user_key)";
	return [
		{
			message: "Rows without an item",
			rows: `SELECT line, ${shown("user_key")} AS text FROM ${wanted} WHERE item_key IS NULL`,
		},
		...(rank === undefined
			? []
			: [
					{
						message: `Ranks of a list that do not count from ${ranksFrom} without gaps`,
						rows: `SELECT line, ${shown("coalesce(rank_text, 'no rank')")} AS text FROM ${wanted}
							WHERE (try_cast(rank_text AS DOUBLE) - ${ranksFrom - 1}) IS DISTINCT FROM place::DOUBLE`,
					},
				]),
		...(score === undefined
			? []
			: [
					{
						message: "Scores that are no numbers",
						rows: `SELECT line, ${shown("coalesce(score_text, 'no score')")} AS text FROM ${wanted}
							WHERE score IS NULL OR isnan(score)`,
					},
				]),
	];
}

function truthChecks(isByItem: boolean): Check[] {
	// A guard of our own CSV is no difference.
	const isOther = "truth IS NOT NULL AND truth <> target_key AND truth <> chr(39) || target_key";
	return [
		{
			message: "Ground truths that are not the split's",
			rows: `SELECT line, ${shown("truth")} || ', here ' || ${shown("target_key")} AS text FROM matched
				WHERE (${isOther})${isByItem ? " OR truths > 1" : ""}`,
		},
	];
}
