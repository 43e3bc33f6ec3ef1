import { AppError } from "@atelier/core";
import { type Database, Prisma } from "@atelier/db";
import { z } from "zod";
import { findLaunch } from "../rows/find-launch";
import { fieldValue, type RunField, runField } from "./run-field";

const COMPARISONS = { lt: Prisma.sql`<`, le: Prisma.sql`<=`, gt: Prisma.sql`>`, ge: Prisma.sql`>=` } as const;

const condition = z.object({
	field: z.string().max(200),
	is: z.enum(["eq", "ne", "lt", "le", "gt", "ge", "has", "any", "none"]),
	value: z.string().max(500).default(""),
});
type Condition = z.infer<typeof condition>;

/** Which runs are meant; everything that is given holds of each of them. */
export const runFilter = z.object({
	/** Names of datasets or of groups. */
	dataset: z.array(z.string()).optional(),
	method: z.array(z.string()).optional(),
	variant: z.array(z.string()).optional(),
	/** Settings by their beginning: `zero-shot` is every source. */
	setting: z.array(z.string().min(1)).optional(),
	status: z.array(z.enum(["queued", "running", "succeeded", "failed", "cancelled"])).optional(),
	launch: z.string().optional(),
	/** Every word stands somewhere in what a run is called, says and is marked with. */
	search: z.string().max(500).optional(),
	/** Runs that have all of them. */
	tags: z.array(z.string()).optional(),
	/** Of any column, metric or parameter of the configuration. */
	where: z.array(condition).max(12).optional(),
});
export type RunFilter = z.infer<typeof runFilter>;

/** What every query of found runs reads; small tables, joined to the rows that are left. */
export const FROM_RUNS = Prisma.sql`run JOIN dataset ON dataset.id = run.dataset_id
	JOIN launch ON launch.id = run.launch_id`;

const SEARCHED = Prisma.sql`concat_ws(' ', run.id, dataset.name, run.method, run.variant, run.setting, run.preset,
	launch.suite, run.note, array_to_string(run.tags, ' '), run.error)`;

/** The filter as a condition over {@link FROM_RUNS}. @throws AppError for what names nothing */
export async function whereOf(db: Database, filter: RunFilter): Promise<Prisma.Sql> {
	const { dataset, method, variant, setting, status, launch, search, tags, where = [] } = filter;
	const parts: Prisma.Sql[] = [];
	if (dataset?.length) parts.push(Prisma.sql`(dataset.name = ANY(${dataset}) OR dataset."group" = ANY(${dataset}))`);
	if (method?.length) parts.push(Prisma.sql`run.method = ANY(${method})`);
	if (variant?.length) parts.push(Prisma.sql`run.variant = ANY(${variant})`);
	if (setting?.length) parts.push(Prisma.sql`run.setting LIKE ANY(${setting.map((one) => `${escaped(one)}%`)})`);
	if (status?.length) parts.push(Prisma.sql`run.status = ANY(${status}::"WorkStatus"[])`);
	if (launch) parts.push(Prisma.sql`run.launch_id = ${(await findLaunch(db, launch)).id}`);
	if (tags?.length) parts.push(Prisma.sql`run.tags @> ${tags}`);
	for (const word of (search ?? "").split(/\s+/).filter(Boolean).slice(0, 8)) {
		parts.push(Prisma.sql`${SEARCHED} ILIKE ${`%${escaped(word)}%`}`);
	}
	parts.push(...where.map(conditionOf));
	return parts.length === 0 ? Prisma.sql`true` : Prisma.join(parts, " AND ");
}

const escaped = (text: string) => text.replace(/[\\%_]/g, "\\$&");

function conditionOf({ field: name, is, value }: Condition): Prisma.Sql {
	const field = runField(name);
	switch (is) {
		case "any":
			return Prisma.sql`${fieldValue(field)} IS NOT NULL`;
		case "none":
			return Prisma.sql`${fieldValue(field)} IS NULL`;
		case "has":
			return Prisma.sql`${textOf(field)} ILIKE ${`%${escaped(value)}%`}`;
		case "eq":
			return equal(field, value);
		case "ne":
			return Prisma.sql`(${fieldValue(field)} IS NOT NULL AND NOT coalesce(${equal(field, value)}, false))`;
		default:
			return compared(field, COMPARISONS[is], value);
	}
}

function textOf(field: RunField): Prisma.Sql {
	return field.of === "config" ? Prisma.sql`(run.config #>> ${field.path})` : Prisma.sql`${fieldValue(field)}::text`;
}

function equal(field: RunField, value: string): Prisma.Sql {
	switch (field.of) {
		case "config": {
			// By containment, which an index answers: as the number or switch that is written so, and as the word.
			const meant = JSON.stringify(nested(field.path, scalar(value)));
			const word = JSON.stringify(nested(field.path, value));
			return Prisma.sql`(run.config @> ${meant}::jsonb OR run.config @> ${word}::jsonb)`;
		}
		case "metric":
			return compared(field, Prisma.sql`=`, value);
		case "run":
			return field.type === "text" ? Prisma.sql`${field.sql} = ${value}` : compared(field, Prisma.sql`=`, value);
	}
}

function compared(field: RunField, operator: Prisma.Sql, value: string): Prisma.Sql {
	if (field.type === "time") {
		if (Number.isNaN(Date.parse(value))) refuse(field, value, "a date, such as 2026-11-28");
		return Prisma.sql`${fieldValue(field)} ${operator} ${new Date(value).toISOString()}::timestamp`;
	}
	if (field.type === "text") return Prisma.sql`${fieldValue(field)} ${operator} ${value}`;
	const number = value.trim() === "" ? Number.NaN : Number(value);
	if (!Number.isFinite(number)) refuse(field, value, "a number");
	if (field.of === "config") {
		const at = Prisma.sql`run.config #> ${field.path}`;
		return Prisma.sql`(jsonb_typeof(${at}) = 'number' AND ${at} ${operator} to_jsonb(${number}::float8))`;
	}
	if (field.of === "run") return Prisma.sql`${field.sql} ${operator} ${number}::float8`;
	return Prisma.sql`EXISTS (SELECT FROM metric WHERE run_id = run.id AND slice = ${field.slice}
		AND name = ${field.metric} AND value ${operator} ${number}::float8)`;
}

function refuse({ name }: RunField, value: string, wanted: string): never {
	throw new AppError("BAD_REQUEST", `"${value}" cannot be compared with ${name}: write ${wanted}.`);
}

const nested = (path: readonly string[], value: unknown) =>
	path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

/** `0.003` as the number, `true` as the switch, anything else as the word. */
function scalar(text: string): string | number | boolean {
	if (text === "true" || text === "false") return text === "true";
	const number = Number(text);
	return text.trim() !== "" && Number.isFinite(number) ? number : text;
}
