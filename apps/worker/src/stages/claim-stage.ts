import { randomUUID } from "node:crypto";
import { LOCAL_HOST, NO_NEEDS, type StageKind, type StageNeeds } from "@atelier/core";
import { type Database, notify, type Prisma } from "@atelier/db";
import {
	CHANNELS,
	endTurn,
	hostRooms,
	markRunning,
	nextReadyStage,
	type Opening,
	onQueue,
	refuseOverBudget,
} from "@atelier/jobs";
import { attemptRef, type Store } from "@atelier/store";
import { z } from "zod";
import { type HeldAttempt, stageKind } from "./attempt";
import { inputsOf, recordedInputs } from "./attempt-inputs";
import { FINISHED_CODE } from "./end-attempt";
import { LEASE_END } from "./lease";
import { hasReceipt } from "./receipts";

const inputKeys = z.record(z.string(), z.string());

interface StageRow {
	key: string;
	kind: string;
	datasetId: string;
	revision: number;
	params: unknown;
	seed: number;
	inputs: unknown;
}

/** Who claims, and where its attempts lie. */
export interface Claimant {
	store: Store;
	workerId: string;
	/** Stages that it runs at once on its own machine. */
	slots: number;
}

/** Where a claimed stage runs, what it holds there, and in whose name. */
interface Place {
	host: string;
	needs: StageNeeds;
	launchId: string | null;
}

const HERE: Place = { host: LOCAL_HOST, needs: NO_NEEDS, launchId: null };

export type Claim =
	| { attempt: HeldAttempt }
	/** Key of a stage that is ready and still was not to be had, which no record should hold: it is passed over for a while. */
	| { refused: string }
	/** Why a stage was not begun, and its launch was stopped. */
	| { stopped: string };

/**
 * Takes the stage whose turn it is among those that may run on a host, if a slot is free there.
 *
 * @returns null when there is no slot, or no stage for it
 */
export async function claimNext(
	db: Database,
	claimant: Claimant,
	{ host, kinds }: Pick<Opening, "host" | "kinds">,
	except: readonly string[],
): Promise<Claim | null> {
	return onQueue(db, async (tx) => {
		const [room] = await hostRooms(tx, claimant.workerId, claimant.slots, host);
		if (room === undefined || room.slots === 0) return null;
		const next = await nextReadyStage(tx, { ...room, host, kinds }, except);
		if (next === null) return null;
		const stopped = await refuseOverBudget(tx, next, host);
		if (stopped !== null) return { stopped };
		const { gpus, memoryGb, launchId } = next;
		const needs: StageNeeds = { pool: gpus > 0 ? "gpu" : "cpu", gpus, memoryGb };
		const attempt = await claimIn(tx, claimant, next.key, { host, needs, launchId });
		if (attempt === null) return { refused: next.key };
		await endTurn(tx, next);
		return { attempt };
	});
}

/**
 * Takes a queued stage, whosever turn it is.
 *
 * @returns null when the stage is not there to be taken: it runs, has ended, waits for an input, or nobody needs it
 */
export function claimStage(
	db: Database,
	store: Store,
	workerId: string,
	stageKey: string,
): Promise<HeldAttempt | null> {
	return onQueue(db, (tx) => claimIn(tx, { store, workerId }, stageKey, HERE));
}

/**
 * Makes the next attempt of a stage, which the claimant holds. The stage's row is locked while that happens, so of any
 * number of workers one gets it.
 */
async function claimIn(
	tx: Prisma.TransactionClient,
	claimant: Omit<Claimant, "slots">,
	stageKey: string,
	place: Place,
): Promise<HeldAttempt | null> {
	const { store } = claimant;
	const [stage] = await tx.$queryRaw<StageRow[]>`
		SELECT key, kind, dataset_id AS "datasetId", revision, params, seed, inputs FROM stage
		WHERE key = ${stageKey} AND status = 'queued' AND EXISTS (
			SELECT 1 FROM run_stage JOIN run ON run.id = run_stage.run_id
			WHERE run_stage.stage_key = stage.key AND (run.status IN ('queued', 'running') OR run.repairs)
		)
		FOR UPDATE`;
	if (stage === undefined) return null;
	const inputs = await inputsOf(tx, stage);
	if (inputs === null) return null;
	const kind = stageKind(stage.kind);
	await tx.$executeRaw`
		UPDATE stage SET status = 'running', started_at = coalesce(started_at, now() AT TIME ZONE 'UTC'),
			progress = NULL, error = NULL
		WHERE key = ${stageKey}`;
	await markRunning(tx);
	await notify(tx, CHANNELS.events, stageKey);
	const held =
		(await reopenFinished(tx, claimant, stageKey)) ??
		(await beginAttempt(tx, claimant, { kind, stageKey, inputs, place }));
	const { datasetId, revision, params, seed } = stage;
	const about = { stageKey, kind, datasetId, revision, params, seed, inputKeys: inputKeys.parse(stage.inputs) };
	return { ...held, ...about, folder: store.draft(held.path) };
}

type NewlyHeld = Pick<HeldAttempt, "id" | "number" | "path" | "inputs" | "inputIds" | Progress>;
type Progress = "lastSeq" | "eventOffset" | "host" | "handle" | "needs";

interface NewAttempt {
	kind: StageKind;
	stageKey: string;
	inputs: Pick<HeldAttempt, "inputs" | "inputIds">;
	place: Place;
}

async function beginAttempt(
	tx: Prisma.TransactionClient,
	{ workerId }: Pick<Claimant, "workerId">,
	{ kind, stageKey, inputs, place }: NewAttempt,
): Promise<NewlyHeld> {
	const { host, needs, launchId } = place;
	const id = randomUUID();
	const path = attemptRef(kind, stageKey, id);
	const latest = await tx.attempt.aggregate({ where: { stageKey }, _max: { number: true } });
	const number = (latest._max.number ?? 0) + 1;
	await tx.$executeRaw`
		INSERT INTO attempt (id, stage_key, number, status, worker_id, path, host, gpus, launch_id, inputs, lease_until, started_at)
		VALUES (${id}, ${stageKey}, ${number}, 'running', ${workerId}, ${path}, ${host}, ${needs.gpus}, ${launchId},
			${JSON.stringify(inputs.inputIds)}::jsonb, ${LEASE_END}, clock_timestamp() AT TIME ZONE 'UTC')`;
	return { id, number, path, lastSeq: 0, eventOffset: 0, host, handle: null, needs, ...inputs };
}

/** An attempt whose work was done and could not be committed: it is held again, and has only that left to do. */
async function reopenFinished(
	tx: Prisma.TransactionClient,
	{ store, workerId }: Omit<Claimant, "slots">,
	stageKey: string,
): Promise<NewlyHeld | null> {
	const done = await tx.attempt.findFirst({
		where: { stageKey, status: "failed", exitCode: FINISHED_CODE },
		orderBy: { number: "desc" },
	});
	if (done === null || !(await hasReceipt(store, done.path))) return null;
	await tx.$executeRaw`
		UPDATE attempt SET status = 'running', worker_id = ${workerId}, lease_until = ${LEASE_END}, exit_code = NULL,
			error = NULL, finished_at = NULL
		WHERE id = ${done.id}`;
	const inputs = await recordedInputs(tx, done.inputs);
	return { id: done.id, number: done.number, path: done.path, ...progressOf(done), ...inputs };
}

interface AttemptRow {
	lastSeq: number;
	eventOffset: bigint;
	host: string;
	handle: string | null;
	gpus: number;
}

function progressOf({ lastSeq, eventOffset, host, handle, gpus }: AttemptRow): Pick<HeldAttempt, Progress> {
	const needs: StageNeeds = gpus > 0 ? { pool: "gpu", gpus, memoryGb: null } : NO_NEEDS;
	return { lastSeq, eventOffset: Number(eventOffset), host, handle, needs };
}

/** The attempt as a new holder needs it; null when the stage is gone. */
export async function readAttempt(db: Database, store: Store, attemptId: string): Promise<HeldAttempt | null> {
	const attempt = await db.attempt.findUnique({ where: { id: attemptId }, include: { stage: true } });
	if (attempt === null) return null;
	const { stage } = attempt;
	return {
		id: attempt.id,
		number: attempt.number,
		stageKey: stage.key,
		kind: stageKind(stage.kind),
		datasetId: stage.datasetId,
		revision: stage.revision,
		params: stage.params,
		seed: stage.seed,
		...(await recordedInputs(db, attempt.inputs)),
		inputKeys: inputKeys.parse(stage.inputs),
		path: attempt.path,
		folder: store.draft(attempt.path),
		...progressOf(attempt),
	};
}
