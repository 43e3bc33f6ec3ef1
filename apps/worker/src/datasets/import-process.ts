import { AppError, messageOf } from "@atelier/core";
import { checkOutsideRanks, type ImportProgress, importDataset } from "@atelier/data";
import { type ImportMessage, type ProcessOrder, workerMessage } from "./import-message";

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

async function serve(order: ProcessOrder): Promise<void> {
	let toldAt = 0;
	const onProgress = (progress: ImportProgress) => {
		if (Date.now() - toldAt < PROGRESS_EVERY_MS) return;
		toldAt = Date.now();
		say({ type: "progress", progress });
	};
	try {
		if (order.what === "ranks") {
			const { check, readable } = order;
			say({ type: "checked", outcome: await checkOutsideRanks(check, { readable, onProgress }) });
			return;
		}
		const { request, store, readable } = order;
		say({ type: "done", outcome: await importDataset(request, { store, readable, isWhole, onProgress }) });
	} catch (error) {
		say({ type: "failed", code: error instanceof AppError ? error.code : null, message: messageOf(error) });
	}
}
