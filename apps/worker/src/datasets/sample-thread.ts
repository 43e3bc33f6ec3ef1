import { parentPort, workerData } from "node:worker_threads";
import { type SyntheticCategory, writeSample } from "@atelier/data";

/** What the thread is told. */
export interface SampleOrder {
	category: SyntheticCategory;
	users: number;
	seed: number;
	outDir: string;
}

const order: SampleOrder = workerData;
await writeSample({
	...order,
	onProgress: (done, total) => parentPort?.postMessage({ done, total }),
});
