import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Database } from "./database";

export interface Listener {
	close(): Promise<void>;
}

const RETRY_MS = 1_000;

/**
 * Hears what is sent with `notify`. A lost connection is made again; what was sent meanwhile is lost, so `onConnect`
 * (called at the start too) is the moment to read the state anew.
 *
 * @returns once it listens; rejects when the first connection fails
 */
export async function listen(
	databaseUrl: string,
	channel: string,
	onPayload: (payload: string) => void,
	onConnect: () => void = () => {},
): Promise<Listener> {
	let closed = false;
	let client: pg.Client | undefined;

	async function connect(): Promise<void> {
		const next = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
		let lost = false;
		const onLost = () => {
			if (lost) return;
			lost = true;
			if (client === next) void reconnect();
		};
		next.on("error", onLost);
		next.on("end", onLost);
		next.on("notification", (message) => onPayload(message.payload ?? ""));
		await next.connect();
		await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
		if (closed) return next.end();
		client = next;
		onConnect();
	}

	async function reconnect(): Promise<void> {
		client = undefined;
		while (!closed) {
			await delay(RETRY_MS, undefined, { ref: false });
			try {
				return await connect();
			} catch {
				// The server is still away; tried again.
			}
		}
	}

	await connect();
	return {
		async close() {
			closed = true;
			await client?.end();
		},
	};
}

/** Sends a payload (at most 8,000 bytes) to everyone who listens on the channel. */
export async function notify(db: Pick<Database, "$executeRaw">, channel: string, payload: string): Promise<void> {
	await db.$executeRaw`SELECT pg_notify(${channel}, ${payload})`;
}
