import { AppError } from "@atelier/core";
import { z } from "zod";
import { column, text } from "../sql";
import { type ImportContext, warn } from "./import-context";
import type { RawTable } from "./raw-table";
import type { SourceFile } from "./source-file";
import { MAX_COLUMNS } from "./table-header";

/** Lines whose keys count as the columns of a JSONL file. */
const LINES_SAMPLED = 10_000;

/** Takes the objects of a JSONL file apart, once for all columns. */
export async function readJsonRows(
	context: ImportContext,
	source: SourceFile,
	file: number,
	table: string,
	only: string,
): Promise<RawTable> {
	const { db } = context;
	const json = column(only);
	context.rowTexts[file] = `SELECT line, left(${json}, 300) AS row FROM ${table}`;
	await keepHalfSurrogates(context, file, table, json);
	await rejectOtherThanObjects(context, file, table, json);
	const keys = await db.all(
		z.object({ key: z.string() }),
		`SELECT key FROM (SELECT unnest(json_keys(${json})) AS key, line FROM ${table} WHERE line <= ${LINES_SAMPLED})
			GROUP BY key ORDER BY min(line), key LIMIT ${MAX_COLUMNS + 1}`,
	);
	if (keys.length > MAX_COLUMNS) {
		throw new AppError("BAD_DATA", `${source.name} has more than ${MAX_COLUMNS} different names: is each item a name?`);
	}
	const columns = keys.map(({ key }) => key);
	if (columns.length === 0) return { ...rawOf(source, file, table, columns, new Map(), []) };
	const pointers = columns.map((name) => text(`/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`)).join(", ");
	const parts = `${table}_parts`;
	await db.run(`CREATE TABLE ${parts} AS SELECT line, json_extract_string(${json}, [${pointers}]) AS json_values,
		json_type(${json}, [${pointers}]) AS json_types FROM ${table}`);
	const seen = await db.all(
		z.object({ place: z.number(), types: z.array(z.string()) }),
		`SELECT place, list(DISTINCT type) AS types FROM (
			SELECT unnest(json_types) AS type, generate_subscripts(json_types, 1) AS place FROM ${parts}) WHERE type IS NOT NULL GROUP BY place`,
	);
	const typesAt = new Map(seen.map(({ place, types }) => [place, types]));
	return rawOf(source, file, parts, columns, typesAt, columns);
}

function rawOf(
	source: SourceFile,
	file: number,
	table: string,
	columns: string[],
	typesAt: ReadonlyMap<number, string[]>,
	order: readonly string[],
): RawTable {
	const placeOf = (name: string) => order.indexOf(name) + 1;
	const has = (name: string, ...types: string[]) =>
		typesAt.get(placeOf(name))?.some((type) => types.includes(type)) ?? false;
	const cell = (name: string) => (placeOf(name) === 0 ? "NULL::VARCHAR" : `json_values[${placeOf(name)}]`);
	const type = (name: string) => `json_types[${placeOf(name)}]`;
	const filled = (name: string) => `nullif(${cell(name)}, '')`;
	// Only a list of plain values is a text; what is deeper would be text that looks like a program's.
	const isDeep = (name: string) => `list_has_any(json_type(${cell(name)}, '$[*]'), ['OBJECT', 'ARRAY'])`;
	const isWhole = (name: string) =>
		`(abs(try_cast(${cell(name)} AS DOUBLE)) < 9007199254740992 AND try_cast(${cell(name)} AS DOUBLE) = trunc(try_cast(${cell(name)} AS DOUBLE)))`;
	return {
		file,
		fileName: source.name,
		table,
		columns,
		value: (name) => {
			if (!has(name, "ARRAY", "OBJECT")) return filled(name);
			return `CASE WHEN ${type(name)} = 'OBJECT' THEN NULL WHEN ${type(name)} <> 'ARRAY' THEN ${filled(name)}
				WHEN NOT ${isDeep(name)} THEN nullif(array_to_string(json_extract_string(${cell(name)}, '$[*]'), ', '), '') END`;
		},
		key: (name) => {
			if (!has(name, "ARRAY", "OBJECT", "BOOLEAN", "DOUBLE")) return filled(name);
			return `CASE WHEN ${type(name)} IN ('ARRAY', 'OBJECT', 'BOOLEAN') THEN NULL
				WHEN ${type(name)} = 'DOUBLE' THEN CASE WHEN ${isWhole(name)} THEN try_cast(${cell(name)} AS DOUBLE)::BIGINT::VARCHAR END
				ELSE ${filled(name)} END`;
		},
		isUnfitKey: (name) =>
			has(name, "ARRAY", "OBJECT", "BOOLEAN", "DOUBLE")
				? `coalesce(${type(name)} IN ('ARRAY', 'OBJECT', 'BOOLEAN') OR (${type(name)} = 'DOUBLE' AND NOT coalesce(${isWhole(name)}, false)), false)`
				: "false",
		isNested: (name) =>
			has(name, "ARRAY", "OBJECT")
				? `coalesce(CASE WHEN ${type(name)} = 'ARRAY' THEN ${isDeep(name)} ELSE ${type(name)} = 'OBJECT' END, false)`
				: "false",
		json: cell,
	};
}

/**
 * Half of a surrogate pair is no character and makes the whole line no JSON: it becomes the replacement character, and
 * the row is kept. Whole pairs are set aside meanwhile, in brackets that JSON allows nowhere.
 */
async function keepHalfSurrogates(context: ImportContext, file: number, table: string, json: string): Promise<void> {
	const pair = String.raw`\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})`;
	const half = String.raw`\\u[dD][89a-fA-F][0-9a-fA-F]{2}`;
	const aside = `regexp_replace(${json}, '${pair}', chr(1) || '\\1' || chr(2) || '\\2' || chr(3), 'g')`;
	const mended = `regexp_replace(${aside}, '${half}', chr(65533), 'g')`;
	const back = `regexp_replace(${mended}, chr(1) || '(.{4})' || chr(2) || '(.{4})' || chr(3), '\\\\u\\1\\\\u\\2', 'g')`;
	const broken = `NOT json_valid(${json}) AND regexp_matches(${json}, '${half}')`;
	await context.db.run(`CREATE TABLE half_surrogates AS SELECT line, ${back} AS mended FROM ${table} WHERE ${broken}`);
	await context.db.run(
		`UPDATE ${table} SET ${json} = mended FROM half_surrogates AS halves WHERE ${table}.line = halves.line`,
	);
	await warn(
		context,
		file,
		"SELECT line, 'half a character (a lone surrogate) became \ufffd' AS reason FROM half_surrogates",
	);
	await context.db.run("DROP TABLE half_surrogates");
}

async function rejectOtherThanObjects(
	context: ImportContext,
	file: number,
	table: string,
	json: string,
): Promise<void> {
	const isObject = `json_valid(${json}) AND json_type(CASE WHEN json_valid(${json}) THEN ${json} END) = 'OBJECT'`;
	const broken = `SELECT line, 'not a JSON object' AS reason, left(${json}, 300) AS row FROM ${table} WHERE NOT coalesce(${isObject}, false)`;
	await context.db.run(`INSERT INTO quarantine SELECT ${file}, line, reason, row FROM (${broken})`);
	await context.db.run(`INSERT INTO rows_read SELECT ${file}, count(*) FROM (${broken})`);
	await context.db.run(`DELETE FROM ${table} WHERE line IN (SELECT line FROM (${broken}))`);
}
