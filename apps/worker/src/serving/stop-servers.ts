import type { WorkerContext } from "../worker-context";
import { serverExecution } from "./server-process";

/** Ends the live recommendation processes that this worker looks after, and no others. */
export async function stopServers({ db, id, executors, folders }: WorkerContext): Promise<void> {
	const servers = await db.modelServer.findMany({ where: { workerId: id } });
	for (const { key, token, host, handle } of servers) {
		if (handle !== null) await (await executors.of(host)).stop(serverExecution(folders, key, handle));
		await db.modelServer.updateMany({
			where: { key, token, workerId: id },
			data: { status: "stopped", port: null, handle: null, workerId: null },
		});
	}
}
