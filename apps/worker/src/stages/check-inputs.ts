import { AppError } from "@atelier/core";
import { checkAttempt, checkDataset, damagedDataset } from "@atelier/jobs";
import type { WorkerContext } from "../worker-context";
import { type HeldAttempt, InputDamaged } from "./attempt";

/**
 * Checks everything that an attempt reads. Done before its work and after it: what lies in between was read from files
 * that were right at both ends.
 *
 * @param isFull read every byte, whatever is known of the files
 * @throws InputDamaged for an artifact, which is made again; AppError BAD_DATA for the dataset, which cannot be
 */
export async function checkInputs(
	{ db, store, log }: Pick<WorkerContext, "db" | "store" | "log">,
	attempt: Pick<HeldAttempt, "inputIds">,
	signal?: AbortSignal,
	isFull = false,
): Promise<void> {
	const { dataset, ...attempts } = attempt.inputIds;
	for (const [name, id] of Object.entries(attempts)) {
		const checked = await checkAttempt(db, store, id, { signal, isFull });
		if (checked === null) throw new InputDamaged(`Its input ${name} is not in the record any more.`);
		if (checked.damage === null) continue;
		log(`${checked.kind} ${checked.stageKey}: damaged: ${checked.damage}; it is made again`);
		throw new InputDamaged(`Its input ${name} is damaged (${checked.damage}) and made again first.`);
	}
	if (dataset === undefined) return;
	const damage = await checkDataset(db, store, dataset, { signal, isFull });
	if (damage === null) return;
	const { name } = await db.dataset.findUniqueOrThrow({ where: { id: dataset }, select: { name: true } });
	throw new AppError("BAD_DATA", damagedDataset(name, damage));
}
