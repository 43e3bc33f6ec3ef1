import { isAlive } from "../executors/process-identity";
import { stopProcess } from "../executors/stop-process";
import type { WorkerContext } from "../worker-context";

/** Ends the live recommendation processes that this worker looks after, and no others. */
export async function stopServers({ db, id }: WorkerContext): Promise<void> {
	const servers = await db.modelServer.findMany({ where: { workerId: id } });
	for (const { key, token, pid, pidStartedAt } of servers) {
		const process = pid === null || pidStartedAt === null ? null : { pid, startedAt: pidStartedAt };
		if (process !== null && (await isAlive(process))) await stopProcess(process);
		await db.modelServer.updateMany({
			where: { key, token, workerId: id },
			data: { status: "stopped", port: null, pid: null, pidStartedAt: null, workerId: null },
		});
	}
}
