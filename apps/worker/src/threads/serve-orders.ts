import { parentPort } from "node:worker_threads";
import { AppError, messageOf } from "@atelier/core";
import type { ThreadMessage, ThreadRequest } from "./thread-message";

export interface OrderContext {
	/** Raised when the process wants the thread to end, shortly before it is ended. */
	signal: AbortSignal;
	onProgress: (done: number, total: number) => void;
}

/**
 * The thread's side of `runThread`: does its orders, of which there is one at a time. Values must be plain data; failures
 * keep their code.
 */
export function serveOrders<Order>(work: (order: Order, context: OrderContext) => Promise<unknown>): void {
	const say = (message: ThreadMessage) => parentPort?.postMessage(message);
	const stopping = new AbortController();
	const serve = async (order: Order) => {
		try {
			const onProgress = (done: number, total: number) => say({ type: "progress", done, total });
			say({ type: "done", value: await work(order, { signal: stopping.signal, onProgress }) });
		} catch (error) {
			say({ type: "failed", code: error instanceof AppError ? error.code : null, message: messageOf(error) });
		}
	};
	parentPort?.on("message", (request: ThreadRequest<Order>) => {
		if (request.type === "stop") stopping.abort();
		else void serve(request.order);
	});
}
