import { setTimeout as delay } from "node:timers/promises";
import { Failure, sentenceFor } from "./failure.mjs";
import { startPostgres, stopPostgres } from "./postgres-server.mjs";
import { startTimeOf } from "./processes.mjs";
import { RestartBudget } from "./restart-budget.mjs";

const LOOK_EVERY_MS = 200;

/**
 * Keeps a Postgres running that `startPostgres` started or took over (which is why it is watched by its pid and start
 * time, not as our child): one that ends is started again on the same port, and recovers what was committed.
 */
export class PostgresGuard {
	#stopping = false;
	#budget = new RestartBudget();
	/** @type {Promise<void> | undefined} */
	#watching;

	/**
	 * @param {{ folder: string, binaries: string, settings?: string[] }} where as for `startPostgres`
	 * @param {{ say?: (message: string) => void, onHopeless: (error: Failure) => void }} tell
	 */
	constructor(where, { say = console.log, onHopeless }) {
		this.where = where;
		this.say = say;
		this.onHopeless = onHopeless;
	}

	/** @param {import("./postgres-server.mjs").PostgresServer} server the one that runs now */
	watch(server) {
		this.#watching = this.#watch(server).catch((error) => {
			if (!this.#stopping) this.onHopeless(error instanceof Failure ? error : new Failure(sentenceFor(error)));
		});
	}

	/** Ends the watch, then the server. */
	async stop() {
		this.#stopping = true;
		await this.#watching;
		await stopPostgres(this.where);
	}

	/** @param {import("./postgres-server.mjs").PostgresServer} first */
	async #watch(first) {
		for (let server = first; ; ) {
			const startedAt = startTimeOf(server.pid);
			while (startedAt !== null && startTimeOf(server.pid) === startedAt) {
				if (this.#stopping) return;
				await delay(LOOK_EVERY_MS);
			}
			if (this.#stopping) return;
			const wait = this.#budget.next();
			if (wait === null) throw new Failure(`Postgres ends again and again; see ${this.where.folder}/log.`);
			this.say(`  Postgres ended; it is started again. Its log: ${this.where.folder}/log`);
			const from = performance.now();
			server = await startPostgres(this.where);
			if (server.port !== first.port) {
				throw new Failure(
					`Port ${first.port} of Postgres was taken by another program meanwhile; start Atelier again.`,
				);
			}
			this.say(`  Postgres is back (${((performance.now() - from) / 1000).toFixed(1)} s).`);
			await delay(wait);
		}
	}
}
