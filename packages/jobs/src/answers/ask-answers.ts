import { type Database, notify, Prisma, type WorkStatus } from "@atelier/db";
import { CHANNELS } from "../channels";
import type { AnswerTable } from "./work-answers";

/** How far the answers that were asked for are. */
export interface Computing {
	done: number;
	total: number;
	/** Why one of them could not be computed, for the minute until that is tried again. */
	failed: string | null;
}

export interface AnswerRow {
	key: string;
	status: WorkStatus;
	result: unknown;
	error: string | null;
	finishedAt: Date | null;
}

/** A failure is told for so long; who asks later has it tried again. */
const FAILURE_TOLD_MS = 60_000;

const CHANNEL_OF: Record<AnswerTable, string> = { contrast: CHANNELS.contrasts, slice_view: CHANNELS.slices };

/**
 * Looks answers up, and has a worker compute those that nobody asked for before. Answers at once.
 *
 * @param wanted by key what is to be computed
 * @returns the rows that are there, without failures that are to be tried again
 */
export async function askAnswers(
	db: Database,
	table: AnswerTable,
	wanted: ReadonlyMap<string, Prisma.InputJsonValue>,
): Promise<Map<string, AnswerRow>> {
	const named = Prisma.raw(`"${table}"`);
	const rows = await db.$queryRaw<AnswerRow[]>`
		SELECT key, status::text AS status, result, error, finished_at AS "finishedAt" FROM ${named}
		WHERE key = ANY(${[...wanted.keys()]}::text[])`;
	const known = new Map(
		rows.filter((row) => row.status !== "failed" || isToldFailure(row)).map((row) => [row.key, row]),
	);
	const missing = [...wanted].filter(([key]) => !known.has(key));
	if (missing.length > 0) {
		const keys = missing.map(([key]) => key);
		const requests = missing.map(([, request]) => JSON.stringify(request));
		await db.$executeRaw`DELETE FROM ${named} WHERE key = ANY(${keys}::text[]) AND status = 'failed'`;
		await db.$executeRaw`
			INSERT INTO ${named} (key, request) SELECT * FROM unnest(${keys}::text[], ${requests}::jsonb[])
			ON CONFLICT DO NOTHING`;
		await notify(db, CHANNEL_OF[table], "");
	}
	return known;
}

/** Why one of the rows failed a moment ago; null where none did. */
export function toldFailure(rows: Iterable<AnswerRow>): string | null {
	return [...rows].find(isToldFailure)?.error ?? null;
}

function isToldFailure({ status, finishedAt }: AnswerRow): boolean {
	return status === "failed" && Date.now() - (finishedAt?.getTime() ?? 0) < FAILURE_TOLD_MS;
}
