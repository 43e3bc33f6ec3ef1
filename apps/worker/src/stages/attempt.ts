import { AppError, type StageKind, type StageNeeds, stageParams, TRAINER_KINDS, type TrainerKind } from "@atelier/core";

/** One attempt that this worker holds, with all that its stage is told. */
export interface HeldAttempt {
	/** The fencing token. */
	id: string;
	number: number;
	stageKey: string;
	kind: StageKind;
	datasetId: string;
	revision: number;
	params: unknown;
	seed: number;
	/** Input name → what the record names it by; `dataset` is the dataset's. */
	inputs: Record<string, string>;
	/** Input name → id of the attempt that is read under it; `dataset` → the dataset's. */
	inputIds: Record<string, string>;
	/** Input name → stage key. */
	inputKeys: Record<string, string>;
	/** This attempt as the record names it, relative to the store. */
	path: string;
	/** Local folder in which this attempt is made. */
	folder: string;
	/** The last event that is in the record, and where its executor's events go on after it. */
	lastSeq: number;
	eventOffset: number;
	/** Where it runs, what that host's executor knows it by, once it was submitted, and what it holds there. */
	host: string;
	handle: string | null;
	needs: StageNeeds;
}

/** Raised where an attempt turns out to belong to someone else, or to nobody: whatever it did must not count. */
export class AttemptLost extends Error {
	override readonly name = "AttemptLost";
	constructor(attempt: HeldAttempt) {
		super(`Attempt ${attempt.number} of ${attempt.kind} ${attempt.stageKey} is no longer held by this worker.`);
	}
}

/** Raised where something that an attempt reads is damaged: the attempt is nobody's fault, and waits for its input. */
export class InputDamaged extends Error {
	override readonly name = "InputDamaged";
}

export function isTrainerKind(kind: StageKind): kind is TrainerKind {
	return TRAINER_KINDS.some((trainerKind) => trainerKind === kind);
}

/** @throws AppError INTERNAL for a kind that this version does not know. */
export function stageKind(text: string): StageKind {
	if (!isStageKind(text)) throw new AppError("INTERNAL", `This version knows no stage kind "${text}".`);
	return text;
}

function isStageKind(text: string): text is StageKind {
	return Object.hasOwn(stageParams, text);
}

export const WORKER_KINDS = Object.keys(stageParams).filter(
	(kind) => !TRAINER_KINDS.some((trainerKind) => trainerKind === kind),
);
