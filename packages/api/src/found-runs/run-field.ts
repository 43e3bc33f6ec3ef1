import { AppError } from "@atelier/core";
import { Prisma } from "@atelier/db";

/** How values of a field are compared; `json` is a configuration's number, word or switch. */
export type FieldType = "text" | "number" | "time" | "json";

/** Something that runs are sorted, filtered, grouped and shown by. */
export type RunField =
	| { of: "run"; name: string; type: FieldType; sql: Prisma.Sql }
	| { of: "metric"; name: string; slice: string; metric: string; type: "number" }
	| { of: "config"; name: string; path: string[]; type: "json" };

const own = (type: FieldType, sql: Prisma.Sql) => ({ type, sql });

/** By the names that the page's address has; of `run`, joined with `dataset` and `launch`. */
const OWN = new Map(
	Object.entries({
		dataset: own("text", Prisma.sql`dataset.name`),
		method: own("text", Prisma.sql`run.method`),
		variant: own("text", Prisma.sql`run.variant`),
		setting: own("text", Prisma.sql`run.setting`),
		seed: own("number", Prisma.sql`run.seed::float8`),
		preset: own("text", Prisma.sql`run.preset`),
		status: own("text", Prisma.sql`run.status::text`),
		suite: own("text", Prisma.sql`launch.suite`),
		launch: own("text", Prisma.sql`run.launch_id`),
		created: own("time", Prisma.sql`run.created_at`),
		finished: own("time", Prisma.sql`run.finished_at`),
		duration: own("number", Prisma.sql`(extract(epoch FROM run.finished_at - run.started_at) * 1000)::float8`),
		tags: own("text", Prisma.sql`nullif(array_to_string(run.tags, ', '), '')`),
		note: own("text", Prisma.sql`nullif(run.note, '')`),
		error: own("text", Prisma.sql`run.error`),
	}),
);

const METRIC = /^metric:(?:([^:]+):)?([^:]+)$/;
const CONFIG = /^config:([^.]+(?:\.[^.]+)*)$/;

/**
 * `seed`, `metric:recall@10`, `metric:cold:recall@10`, `config:fineTune.loraRank`.
 *
 * @throws AppError BAD_REQUEST that says which names there are
 */
export function runField(name: string): RunField {
	const known = OWN.get(name);
	if (known !== undefined) return { of: "run", name, ...known };
	const [, slice = "all", metric] = METRIC.exec(name) ?? [];
	if (metric !== undefined) return { of: "metric", name, slice, metric, type: "number" };
	const path = CONFIG.exec(name)?.[1]?.split(".");
	if (path !== undefined) return { of: "config", name, path, type: "json" };
	throw new AppError(
		"BAD_REQUEST",
		`Runs have no column "${name}". There are: ${[...OWN.keys()].join(", ")}, and any metric:NAME and config:PATH.`,
	);
}

/** Its value for `run`, null where the run has none. */
export function fieldValue(field: RunField): Prisma.Sql {
	switch (field.of) {
		case "run":
			return field.sql;
		case "metric":
			return Prisma.sql`(SELECT value FROM metric
				WHERE run_id = run.id AND slice = ${field.slice} AND name = ${field.metric})`;
		case "config":
			return Prisma.sql`nullif(run.config #> ${field.path}, 'null')`;
	}
}

/** What a text stands for among the field's values. */
export function castTo(type: FieldType, text: string): Prisma.Sql {
	switch (type) {
		case "text":
			return Prisma.sql`${text}`;
		case "number":
			return Prisma.sql`${text}::float8`;
		case "time":
			return Prisma.sql`${text}::timestamp`;
		case "json":
			return Prisma.sql`${text}::jsonb`;
	}
}
