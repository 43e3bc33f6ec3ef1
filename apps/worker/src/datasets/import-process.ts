import { AppError, messageOf } from "@atelier/core";
import { importDataset } from "@atelier/data";
import { type ImportMessage, type ImportOrder, workerMessage } from "./import-message";

/** The worker is told at most this often. */
const PROGRESS_EVERY_MS = 100;

const say = (message: ImportMessage) => process.send?.(message);

// Nobody waits any more: the worker is gone. What lies in the store is removed by the next import.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("message", (given) => {
	const message = workerMessage.parse(given);
	if (message.type === "order") void serve(message.order);
	else answered(message.isWhole);
});

let answered: (isWhole: boolean) => void = () => undefined;
/** The record is the worker's to ask. */
function isWhole(datasetId: string): Promise<boolean> {
	return new Promise((resolve) => {
		answered = resolve;
		say({ type: "isWhole", datasetId });
	});
}

async function serve({ request, store, readable }: ImportOrder): Promise<void> {
	let toldAt = 0;
	try {
		const outcome = await importDataset(request, {
			store,
			readable,
			isWhole,
			onProgress: (progress) => {
				if (Date.now() - toldAt < PROGRESS_EVERY_MS) return;
				toldAt = Date.now();
				say({ type: "progress", progress });
			},
		});
		say({ type: "done", outcome });
	} catch (error) {
		say({ type: "failed", code: error instanceof AppError ? error.code : null, message: messageOf(error) });
	}
}
