import { explain } from "@atelier/core";
import { WORKER_KINDS } from "./stages/attempt";
import { claimNext } from "./stages/claim-stage";
import { followAttempt } from "./stages/follow-attempt";
import { claimedWork } from "./stages/run-attempt";
import type { WorkerContext } from "./worker-context";

/** A net under the notifications, which a lost connection may swallow. */
const POLL_MS = 1_000;
/** How long a stage is passed over that looked ready and was not to be had. */
const REFUSED_FOR_MS = 30_000;

/**
 * Fills the worker's free slots, each with the stage whose turn it is at that moment. Woken when a stage becomes ready
 * and when a slot becomes free.
 */
export class Dispatcher {
	private readonly refused = new Map<string, number>();
	private active: Promise<void> | null = null;
	private isWoken = false;
	private readonly timer: NodeJS.Timeout;

	constructor(private readonly worker: WorkerContext) {
		this.timer = setInterval(() => this.wake(), POLL_MS);
	}

	wake(): void {
		this.isWoken = true;
		this.active ??= this.fill().finally(() => {
			this.active = null;
		});
	}

	/** Claims no more. What runs is not this class's to end. */
	async stop(): Promise<void> {
		clearInterval(this.timer);
		await this.active;
	}

	private async fill(): Promise<void> {
		const { worker } = this;
		try {
			while (this.isWoken && !worker.isStopping()) {
				this.isWoken = false;
				while (worker.slots.free > 0 && !worker.isStopping() && (await this.startNext()));
			}
		} catch (error) {
			worker.log(`taking the next stage: ${explain(error)}`);
		}
	}

	/** @returns false when nothing is ready */
	private async startNext(): Promise<boolean> {
		const { worker } = this;
		const kinds = worker.trainer().state === "ready" ? "all" : WORKER_KINDS;
		const claimant = { store: worker.store, workerId: worker.id };
		const claimed = await claimNext(worker.db, claimant, kinds, this.passedOver());
		if (claimed === null) return false;
		if ("refused" in claimed) {
			worker.log(`stage ${claimed.refused} is ready, but its inputs are not to be had`);
			this.refused.set(claimed.refused, Date.now());
			return true;
		}
		const { attempt } = claimed;
		followAttempt(worker, attempt, claimedWork(worker, attempt));
		return true;
	}

	private passedOver(): string[] {
		for (const [key, at] of this.refused) if (Date.now() - at > REFUSED_FOR_MS) this.refused.delete(key);
		return [...this.refused.keys()];
	}
}
