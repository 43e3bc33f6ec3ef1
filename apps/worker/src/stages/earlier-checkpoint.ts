import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Ref } from "@atelier/store";
import type { WorkerContext } from "../worker-context";
import type { HeldAttempt } from "./attempt";

/** A stage that is lost is tried ten times; what came before these is of another day. */
const MOST_LOOKED_AT = 20;

/** The newest attempt of the same stage that was lost or failed and left checkpoints; null where there is none. */
export async function earlierCheckpoint(
	{ db, store }: Pick<WorkerContext, "db" | "store">,
	{ id, stageKey }: Pick<HeldAttempt, "id" | "stageKey">,
): Promise<Ref | null> {
	const earlier = await db.attempt.findMany({
		where: { stageKey, id: { not: id }, status: { in: ["failed", "cancelled"] } },
		select: { path: true },
		orderBy: { number: "desc" },
		take: MOST_LOOKED_AT,
	});
	for (const { path } of earlier) {
		if (await hasCheckpoint(store.draft(path))) return path;
	}
	return null;
}

/** Whether an attempt got somewhere that the next one can go on from: `checkpoints/<step>`, so named when it is whole. */
export async function hasCheckpoint(folder: string): Promise<boolean> {
	const steps = await readdir(join(folder, "checkpoints")).catch(() => []);
	return steps.some((name) => /^\d+$/.test(name));
}
