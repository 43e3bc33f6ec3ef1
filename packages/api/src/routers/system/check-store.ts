import { checkAttempt, checkDataset } from "@atelier/jobs";
import { z } from "zod";
import type { Services } from "../../context";
import { storeOf } from "../../store/store-of";
import { countArtifacts, type StoredArtifact, storedArtifacts } from "../../store/stored-artifacts";
import { procedure } from "../../trpc";

/** One call ends after the artifact at which this is over: whoever asks goes on from there, or leaves it. */
const BUDGET_MS = 2_000;
const MOST_AT_ONCE = 200;

export interface DamagedArtifact {
	kind: string;
	/** Dataset id, or stage key. */
	id: string;
	dataset: string;
	damage: string;
	/** What becomes of it, and what to do. */
	remedy: string;
}

/** Of any number of people who ask, one is served at a time: the disk is one. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Checks part of the store against the record, from behind the artifact `after` on: names and sizes, or with `deep` every
 * byte. What is found damaged is noted in the record, as when a stage were about to read it.
 */
export const checkStore = procedure
	.input(z.object({ deep: z.boolean().default(false), after: z.string().default("") }))
	.query(({ ctx, input, signal }) => {
		const mine = turn.then(() => checkPart(ctx, input, signal));
		turn = mine.catch(() => undefined);
		return mine;
	});

async function checkPart(
	services: Pick<Services, "db" | "store">,
	{ deep, after }: { deep: boolean; after: string },
	signal: AbortSignal | undefined,
) {
	const { db } = services;
	const until = Date.now() + BUDGET_MS;
	const damaged: DamagedArtifact[] = [];
	let [checked, bytes, next] = [0, 0, after];
	const total = await countArtifacts(db);
	const artifacts = await storedArtifacts(db, after, MOST_AT_ONCE);
	for (const artifact of artifacts) {
		if (signal?.aborted || Date.now() > until) break;
		const damage = await damageOf(services, artifact, deep, signal, (count) => {
			bytes += count;
		});
		if (damage !== null) damaged.push({ ...headOf(artifact), damage, remedy: remedyOf(artifact) });
		checked += 1;
		next = artifact.cursor;
	}
	const isDone = checked === artifacts.length && artifacts.length < MOST_AT_ONCE;
	return { checked, total, bytes, damaged, next: isDone ? null : next };
}

async function damageOf(
	{ db, store }: Pick<Services, "db" | "store">,
	{ kind, id, attemptId, damage }: StoredArtifact,
	deep: boolean,
	signal: AbortSignal | undefined,
	onBytes: (count: number) => void,
): Promise<string | null> {
	const options = { ...(deep ? { isFull: true } : { isSurface: true }), signal, onBytes };
	if (kind === "dataset") return checkDataset(db, storeOf({ store }), id, options);
	if (attemptId === null) return damage;
	return (await checkAttempt(db, storeOf({ store }), attemptId, options))?.damage ?? null;
}

const headOf = ({ kind, id, dataset }: StoredArtifact) => ({ kind, id, dataset });

function remedyOf({ kind, status }: StoredArtifact): string {
	if (kind === "dataset") return "Import it again from the same files under the same name, or restore its folder.";
	if (status === "queued" || status === "running") return "It is being made again.";
	return "It is made again by the next run that needs it, or now: npx atelier runs retry RUN.";
}
