import {
	AppError,
	attributesOf,
	bothOf,
	type ExampleColumn,
	type ExampleGroup,
	findAttribute,
	groupExamples,
	parseSlice,
	selectExamples,
} from "@atelier/core";
import type { Pool } from "@atelier/db";
import { readColumns } from "../ranks/read-columns";
import { readRanks } from "../ranks/read-ranks";
import { SliceFigures } from "./slice-figures";
import { type SliceRequest, type SliceResult, sliceRequest } from "./slice-schemas";

/** Groups that are shown; of more, those with the most users. */
const MOST_GROUPS = 40;

/**
 * Computes the view of a row: values first, which are a pass over the ranks, then intervals and tests. For a thread, never
 * for an event loop.
 *
 * @param onPart is given the values, and then again how far the draws are
 * @throws AppError NOT_FOUND when the row or one of its runs is gone, BAD_REQUEST for a K beyond what the lists hold, CONFLICT
 * for runs that were not tested on the same examples
 */
export async function computeSlice(
	pool: Pool,
	key: string,
	onPart: (part: SliceResult) => Promise<void>,
): Promise<SliceResult> {
	const { rows } = await pool.query<{ request: unknown }>("SELECT request FROM slice_view WHERE key = $1", [key]);
	if (rows[0] === undefined) throw new AppError("NOT_FOUND", `The slice ${key} is no longer asked for.`);
	const request = sliceRequest.parse(rows[0].request);
	const ranks = await readRanks(
		pool,
		request.methods.flatMap(({ runs }) => runs.map(({ runId }) => runId)),
	);
	if (ranks === null) {
		const message = "These runs were not tested on the same examples (or have none stored), so no slice joins them.";
		throw new AppError("CONFLICT", message);
	}
	if (request.k > ranks.depth) {
		throw new AppError("BAD_REQUEST", `K = ${request.k} is beyond what these lists hold: at most ${ranks.depth}.`);
	}
	const { groups, users, left } = await groupsOf(pool, request, ranks);
	const figures = new SliceFigures(request, ranks.vectors);
	const head = { users, of: ranks.size, depth: ranks.depth, left };
	return figures.compute(head, groups, onPart);
}

async function groupsOf(
	pool: Pool,
	{ slice: text, by, columns: stages }: SliceRequest,
	{ setKey, size }: { setKey: string; size: number },
): Promise<{ groups: ExampleGroup[]; users: number; left: number }> {
	const slice = parseSlice(text);
	const names = new Set([...attributesOf(slice), ...(by === null ? [] : [by])]);
	const columns = await readColumns(pool, stages, [...names], setKey);
	for (const name of names) refuseLacking(name, columns.get(name));
	const places = selectExamples(slice, columns, size);
	const attribute = by === null ? null : findAttribute(by);
	const column = by === null ? undefined : columns.get(by);
	if (attribute === null || column === undefined) {
		return { groups: [{ label: null, slice, places }], users: places.length, left: 0 };
	}
	const all = groupExamples(attribute, column, places);
	const least = all.map((group) => group.places.length).sort((a, b) => b - a)[MOST_GROUPS - 1] ?? 0;
	const groups = all.filter((group) => group.places.length >= least).slice(0, MOST_GROUPS);
	return {
		groups: groups.map((group) => ({ ...group, slice: bothOf(slice, group.slice) })),
		users: places.length,
		left: all.length - groups.length,
	};
}

function refuseLacking(name: string, column: ExampleColumn | undefined): void {
	if (column === undefined) {
		throw new AppError(
			"CONFLICT",
			`${name} has not been read for these runs. npx atelier doctor says whether a worker runs.`,
		);
	}
	if (column.lacks !== null) throw new AppError("BAD_REQUEST", `${name} is not known here: ${column.lacks}`);
}
