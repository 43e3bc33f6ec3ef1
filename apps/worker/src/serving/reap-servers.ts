import { identify } from "../executors/process-identity";
import type { WorkerContext } from "../worker-context";

/** Servers that ended by themselves (idle, or killed) are marked stopped, so that the next request starts them anew. */
export async function reapServers({ db }: WorkerContext): Promise<void> {
	const servers = await db.modelServer.findMany({ where: { status: "ready", pid: { not: null } } });
	for (const { key, pid } of servers) {
		if (pid !== null && (await identify(pid)) === null) {
			await db.modelServer.updateMany({ where: { key, pid }, data: { status: "stopped", pid: null, port: null } });
		}
	}
}
