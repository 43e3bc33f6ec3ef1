import { type MailOrders, remoteFile, remoteMail } from "@atelier/core";
import type { Inbox } from "@atelier/store";

/** The most that the protocol allows. What an address opens counts for nothing once its attempt has ended. */
const GOOD_SECONDS = 7 * 24 * 3_600;
const RENEWED_AFTER_MS = 6 * 3_600 * 1_000;
/** Addresses ahead of what was written; a stage that has used them up waits for new ones. */
const CHUNKS_AHEAD = 60;
const SLOTS_AHEAD = 60;

/** Numbers of the last chunk of events and of the last slot that were written. */
export interface Written {
	chunk: number;
	slot: number;
}

/** The addresses under which a remote stage may write, which it reads again when they run out. */
export class Orders {
	private ahead: Written = { chunk: -1, slot: -1 };
	private writtenAtMs = 0;

	constructor(private readonly inbox: Inbox) {}

	/** Writes new ones where those that are there run out, or grow old. */
	async keepAhead(written: Written): Promise<void> {
		const isFew =
			this.ahead.chunk - written.chunk < CHUNKS_AHEAD / 2 || this.ahead.slot - written.slot < SLOTS_AHEAD / 2;
		if (isFew || Date.now() - this.writtenAtMs > RENEWED_AFTER_MS) await this.write(written);
	}

	/** @returns where they are read */
	async write({ chunk, slot }: Written): Promise<string> {
		const ahead = { chunk: chunk + CHUNKS_AHEAD, slot: slot + SLOTS_AHEAD };
		const { claim, heartbeat, ended, transfer, log } = remoteFile;
		const names: string[] = [claim, heartbeat, ended, transfer, log, remoteMail.index];
		for (let number = chunk + 1; number <= ahead.chunk; number += 1) names.push(remoteFile.events(number));
		// Slots are used again: of checkpoints the newest two stay.
		for (let number = 1; number <= ahead.slot; number += 1) names.push(remoteMail.slot(number));
		const put = await Promise.all(names.map(async (name) => [name, await this.address(name, "put")] as const));
		const orders: MailOrders = {
			put: Object.fromEntries(put),
			orders: await this.address(remoteMail.orders, "get"),
			claim: await this.address(claim, "get"),
		};
		await this.inbox.write(remoteMail.orders, JSON.stringify(orders));
		this.ahead = ahead;
		this.writtenAtMs = Date.now();
		return orders.orders;
	}

	private address(name: string, way: "get" | "put"): Promise<string> {
		return this.inbox.address(name, way, GOOD_SECONDS);
	}
}
