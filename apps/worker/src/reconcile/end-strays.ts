import { rm } from "node:fs/promises";
import { messageOf } from "@atelier/core";
import type { WorkerContext } from "../worker-context";

/**
 * Ends what may still run of attempts that were given up while their host did not answer, once it does. They can neither
 * publish nor commit; a GPU that they hold is somebody's all the same.
 */
export async function endStrays(worker: WorkerContext): Promise<void> {
	const strays = await worker.db.attempt.findMany({
		where: { unreachableSince: { not: null }, status: { in: ["cancelled", "failed"] }, finishedAt: { not: null } },
		select: { id: true, path: true, host: true, handle: true },
	});
	if (strays.length === 0) return;
	const hosts = await worker.db.host.findMany({ select: { name: true, state: true } });
	const stateOf = new Map(hosts.map(({ name, state }) => [name, state]));
	for (const stray of strays) {
		const state = stateOf.get(stray.host);
		// A host that was removed is nobody's to ask any more.
		if (state !== undefined && state !== "reachable") continue;
		const isOver = state === undefined || (await end(worker, stray));
		if (isOver) await worker.db.attempt.updateMany({ where: { id: stray.id }, data: { unreachableSince: null } });
	}
}

async function end(
	worker: WorkerContext,
	{ id, path, host, handle: known }: { id: string; path: string; host: string; handle: string | null },
): Promise<boolean> {
	const folder = worker.store.draft(path);
	try {
		const executor = await worker.executors.of(host);
		const handle = known ?? (await executor.find({ id, folder }));
		if (handle !== null) await executor.stop({ id, folder, handle });
		await rm(folder, { recursive: true, force: true });
		worker.log(`attempt ${id}: ended on ${host}, which answers again`);
		return true;
	} catch (error) {
		worker.log(`attempt ${id}: not ended on ${host} yet: ${messageOf(error)}`);
		return false;
	}
}
