import { explain, LOCAL_HOST } from "@atelier/core";
import { type HostRoom, hostRooms } from "@atelier/jobs";
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
 * Fills the free slots of every host, each with the stage whose turn it is at that moment among those that may run there.
 * Woken when a stage becomes ready and when a slot becomes free.
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
				const rooms = await hostRooms(worker.db, worker.id, worker.env.ATELIER_WORKER_SLOTS);
				for (const room of rooms) {
					if (room.slots > 0) while (!worker.isStopping() && (await this.startNext(room)));
				}
			}
		} catch (error) {
			worker.log(`taking the next stage: ${explain(error)}`);
		}
	}

	/** @returns false when no slot is free there, or nothing is ready for it */
	private async startNext({ name: host, draining }: HostRoom): Promise<boolean> {
		const { worker } = this;
		const hasTrainer = host !== LOCAL_HOST || (worker.trainer().state === "ready" && !draining);
		const claimant = { store: worker.store, workerId: worker.id, slots: worker.env.ATELIER_WORKER_SLOTS };
		const opening = { host, kinds: hasTrainer ? ("all" as const) : WORKER_KINDS };
		const claimed = await claimNext(worker.db, claimant, opening, this.passedOver());
		if (claimed === null) return false;
		if ("stopped" in claimed) worker.log(claimed.stopped);
		else if ("refused" in claimed) {
			worker.log(`stage ${claimed.refused} is ready, but its inputs are not to be had`);
			this.refused.set(claimed.refused, Date.now());
		} else {
			const { attempt } = claimed;
			followAttempt(worker, attempt, claimedWork(worker, attempt));
		}
		return true;
	}

	private passedOver(): string[] {
		for (const [key, at] of this.refused) if (Date.now() - at > REFUSED_FOR_MS) this.refused.delete(key);
		return [...this.refused.keys()];
	}
}
