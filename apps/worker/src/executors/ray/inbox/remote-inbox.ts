import { stat } from "node:fs/promises";
import { join } from "node:path";
import { AppError, type MailIndex, mailIndex, REMOTE_FOLDER, receipt, remoteFile, remoteMail } from "@atelier/core";
import { isOutputName } from "@atelier/jobs";
import { type Inbox, type InboxFile, sha256OfFile } from "@atelier/store";
import { writeWhole } from "../../../files/write-whole";
import { Orders } from "./orders";

const EVERY_MS = 1_000;
/** Of a document that a stage tells; a chunk of events has four megabytes and one line more. */
const MOST_TOLD_BYTES = 64e6;
const RECEIPT = "receipt.json";
const CHUNK = new RegExp(`^\\${REMOTE_FOLDER}/events/(\\d{8})\\.ndjson$`);

/**
 * Brings what a remote stage has left in its inbox into its attempt's folder, where everything finds it that would have
 * come by the console's route: the receipt once all that it names is there, and nothing that is not of the name, size and
 * checksum that were said. Any worker may go on with it.
 */
export class RemoteInbox {
	private readonly orders: Orders;
	/** Name in the inbox → etag of what was brought; path of an output → its checksum. */
	private readonly told = new Map<string, string>();
	private readonly files = new Map<string, string>();
	private active: Promise<void> | null = null;
	private broughtAtMs = Number.NEGATIVE_INFINITY;
	private isClosed = false;

	constructor(
		private readonly inbox: Inbox,
		private readonly folder: string,
	) {
		this.orders = new Orders(inbox);
	}

	/** Before the stage is submitted. @returns where it finds its orders */
	open(): Promise<string> {
		return this.orders.write({ chunk: 0, slot: 0 });
	}

	/** At most once a second, and once at a time. @throws AppError UNAVAILABLE while the store is away */
	bring({ isNow = false } = {}): Promise<void> {
		if (this.isClosed || (!isNow && performance.now() - this.broughtAtMs < EVERY_MS)) return Promise.resolve();
		this.active ??= this.bringAll().finally(() => {
			this.active = null;
			this.broughtAtMs = performance.now();
		});
		return this.active;
	}

	/** Nothing more is brought, and the stage, should it run on somewhere, hears that nobody wants it. */
	async close(): Promise<void> {
		this.isClosed = true;
		await this.active?.catch(() => undefined);
		await this.inbox.remove();
	}

	private async bringAll(): Promise<void> {
		// The index before the list: whatever the stage told before it named its receipt is then in the list.
		const index = await this.index();
		const there = new Map<string, InboxFile>();
		for await (const file of this.inbox.list()) there.set(file.name, file);
		const chunks = [...there.keys()].filter((name) => CHUNK.test(name)).sort();
		for (const name of chunks) await this.bringTold(there.get(name));
		await this.bringFiles(index);
		for (const name of [
			remoteFile.claim,
			remoteFile.transfer,
			remoteFile.log,
			remoteFile.heartbeat,
			remoteFile.ended,
		]) {
			await this.bringTold(there.get(name));
		}
		// Without a spec there is nobody who would read them.
		if (!there.has(remoteMail.spec) || this.isClosed) return;
		const chunk = Number(CHUNK.exec(chunks.at(-1) ?? "")?.[1] ?? 0);
		await this.orders.keepAhead({ chunk, slot: Math.max(0, ...index.files.map(({ slot }) => slot)) });
	}

	private async bringTold(file: InboxFile | undefined): Promise<void> {
		if (file === undefined || this.told.get(file.name) === file.etag || file.sizeBytes > MOST_TOLD_BYTES) return;
		const text = await this.inbox.read(file.name);
		if (text === null) return;
		await writeWhole(join(this.folder, file.name), text);
		this.told.set(file.name, file.etag);
	}

	/** In their order, up to one that cannot be had yet: what is named after it counts on it. */
	private async bringFiles(index: MailIndex): Promise<void> {
		for (const { slot, ...file } of index.files) {
			if (this.isClosed || !isOutputName(file.path)) return;
			if (this.files.get(file.path) === file.sha256) continue;
			const target = join(this.folder, file.path);
			if (!(await this.isThere(target, file))) {
				if (file.path === RECEIPT && !(await this.isWhole(index))) return;
				try {
					await this.inbox.bring(remoteMail.slot(slot), target, file);
				} catch (error) {
					if (error instanceof AppError && error.code === "UNAVAILABLE") throw error;
					// The slot holds another file by now: a newer index says which.
					return;
				}
			}
			this.files.set(file.path, file.sha256);
		}
	}

	/** Whether all that the receipt names is here, as it names it. */
	private async isWhole(index: MailIndex): Promise<boolean> {
		const last = index.files.find(({ path }) => path === RECEIPT);
		const text = last === undefined ? null : await this.inbox.read(remoteMail.slot(last.slot));
		const parsed = receipt.safeParse(jsonOf(text ?? ""));
		return parsed.success && parsed.data.outputs.every(({ path, sha256 }) => this.files.get(path) === sha256);
	}

	private async isThere(
		target: string,
		{ sizeBytes, sha256 }: { sizeBytes: number; sha256: string },
	): Promise<boolean> {
		const found = await stat(target).catch(() => null);
		return found?.size === sizeBytes && (await sha256OfFile(target)) === sha256;
	}

	private async index(): Promise<MailIndex> {
		const parsed = mailIndex.safeParse(jsonOf((await this.inbox.read(remoteMail.index)) ?? ""));
		return parsed.success ? parsed.data : { files: [] };
	}
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
