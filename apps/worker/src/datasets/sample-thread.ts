import { parentPort, workerData } from "node:worker_threads";
import { type SampleCategory, writeSample } from "@atelier/data";

/** What the thread is told. */
export interface SampleOrder {
	category: SampleCategory;
	users: number;
	seed: number;
	outDir: string;
}

const order: SampleOrder = workerData;
await writeSample({
	...order,
	onProgress: (done, total) => parentPort?.postMessage({ done, total }),
});
