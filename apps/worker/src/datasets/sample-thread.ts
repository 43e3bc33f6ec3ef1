import { type SyntheticCategory, writeSample } from "@atelier/data";
import { serveOrders } from "../threads/serve-orders";

/** What the thread is told. */
export interface SampleOrder {
	category: SyntheticCategory;
	users: number;
	seed: number;
	outDir: string;
}

serveOrders<SampleOrder>((order, { onProgress }) => writeSample({ ...order, onProgress }));
