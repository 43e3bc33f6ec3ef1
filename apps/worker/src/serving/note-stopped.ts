import { messageOf } from "@atelier/core";
import type { WorkerContext } from "../worker-context";

/** A server that was ready has ended; one that loads still is its handler's to judge. */
export async function noteStopped({ db, log }: WorkerContext, key: string, handle: string): Promise<void> {
	await db.modelServer
		.updateMany({
			where: { key, status: "ready", handle },
			data: { status: "stopped", port: null, handle: null, workerId: null },
		})
		.catch((error: unknown) => log(`model server ${key}: ${messageOf(error)}`));
}
