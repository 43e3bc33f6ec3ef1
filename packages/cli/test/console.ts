import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
	appRouter,
	createApiCaller,
	createAuth,
	createContext,
	exportRun,
	receivePiece,
	type Services,
} from "@atelier/api";
import { PIECE_HASH_HEADER, type Rank, summariseRanks } from "@atelier/core";
import { createDatabase, createPool, type Database } from "@atelier/db";
import { createTestDatabase } from "@atelier/db/testing";
import { computeWaiting } from "@atelier/jobs/testing";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";

/** No worker runs in these tests, so nobody would take a job: what is queued stays so in the record. */
const nobodyWorks: Services["queue"] = {
	send: () => Promise.resolve(),
	work: () => Promise.resolve(),
	stop: () => Promise.resolve(),
};

/** Computes paired tests as they are asked for, which a worker does elsewhere; all else that is queued stays so. */
function computeContrasts(url: string, db: Database): { stop: () => Promise<void> } {
	const pool = createPool(url, { connections: 1 });
	let isStopped = false;
	const working = (async () => {
		while (!isStopped) {
			await computeWaiting(db, pool);
			await delay(50);
		}
	})();
	return {
		stop: async () => {
			isStopped = true;
			await working;
			await pool.end();
		},
	};
}

/**
 * A console on a fresh real database, answering over HTTP, without a worker.
 *
 * @param open folders below which it reads files that a request names
 */
export async function startConsole(
	open = [tmpdir()],
	queueOf: (db: Database, home: string) => Services["queue"] = () => nobodyWorks,
) {
	const database = await createTestDatabase();
	const db = createDatabase(database.url);
	const home = await mkdtemp(join(tmpdir(), "atelier-cli-"));
	const cliToken = randomBytes(16).toString("hex");
	const services: Services = {
		db,
		queue: queueOf(db, home),
		auth: createAuth({ db, url: "http://127.0.0.1:3999", secret: randomBytes(32).toString("hex") }),
		suitesDir: fileURLToPath(new URL("../../../suites", import.meta.url)),
		home,
		store: { home },
		hubCache: join(home, "hub"),
		readable: { open: [...open, join(home, "uploads")], closed: [home] },
		uploadLimitBytes: 1e9,
		cliToken,
		secret: "s".repeat(32),
		version: "test",
	};
	const procedures = createHTTPHandler({
		router: appRouter,
		basePath: "/api/trpc/",
		createContext: ({ req }) => createContext(services, authorization(req)),
	});
	const listen = (wanted: number) => {
		const server = createServer((req, res) => {
			const exported = /^\/api\/runs\/([^/]+)\/export\?/.exec(req.url ?? "");
			if (exported !== null) return void answerExport(services, exported[1] ?? "", req, res);
			const piece = /^\/api\/uploads\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(req.url ?? "");
			if (piece === null) procedures(req, res);
			else void answerPiece(services, piece, req, res);
		});
		return new Promise<typeof server>((resolve) => {
			server.listen(wanted, "127.0.0.1", () => resolve(server));
		});
	};
	let server = await listen(0);
	const port = portOf(server.address());
	const close = () => {
		server.closeAllConnections();
		return new Promise((resolve) => server.close(resolve));
	};
	const contrasts = computeContrasts(database.url, db);
	return {
		db,
		home,
		/** As the command line's token may call it, without HTTP. */
		api: createApiCaller(await createContext(services, new Headers({ authorization: `Bearer ${cliToken}` }))),
		/** What the command line reads. */
		env: { ATELIER_URL: `http://127.0.0.1:${port}`, ATELIER_CLI_TOKEN: cliToken, ATELIER_HOME: home },
		/** Goes away as a killed console does: whoever asks meanwhile is refused. */
		away: close,
		back: async () => {
			server = await listen(port);
		},
		stop: async () => {
			await close();
			await contrasts.stop();
			await db.$disconnect();
			await database.drop();
			await rm(home, { recursive: true, force: true });
		},
	};
}
const authorization = (req: IncomingMessage) => new Headers({ authorization: req.headers.authorization ?? "" });

/** As Next's route does, in the form that Node's server speaks. */
async function answerPiece(
	services: Services,
	[, id = "", file = "", piece = ""]: string[],
	req: IncomingMessage,
	res: ServerResponse,
) {
	const headers = authorization(req);
	headers.set(PIECE_HASH_HEADER, String(req.headers[PIECE_HASH_HEADER]));
	const chunks: Buffer[] = [];
	for await (const chunk of req) chunks.push(chunk);
	const request = new Request("http://127.0.0.1", { method: "PUT", headers, body: Buffer.concat(chunks) });
	const response = await receivePiece(services, request, { id, file, piece });
	res.writeHead(response.status, { "content-type": "application/json" });
	res.end(await response.text());
}

/** Breaks off as Next does where the body has an error. */
async function answerExport(services: Services, id: string, req: IncomingMessage, res: ServerResponse) {
	const request = new Request(`http://127.0.0.1${req.url}`, { headers: authorization(req) });
	const response = await exportRun(services, request, { id });
	res.writeHead(response.status, Object.fromEntries(response.headers));
	if (response.body === null) res.end();
	else await pipeline(Readable.fromWeb(response.body), res).catch(() => res.destroy());
}

export type Console = Awaited<ReturnType<typeof startConsole>>;

function portOf(address: AddressInfo | string | null): number {
	if (address === null || typeof address === "string") throw new Error(`no port in ${address}`);
	return address.port;
}

/** A ready dataset's row, without files. */
export async function seedDataset({ db }: Console, name: string, group: string | null = null) {
	const counts = { items: 20, users: 10, searches: 30, clicks: 50, purchases: 20, exposures: 0, rejected: 0 };
	const id = randomBytes(8).toString("hex");
	await db.dataset.create({
		data: { id, name, group, format: "atelier", status: "ready", counts, request: {}, readyAt: new Date() },
	});
}

/** Ends a run as the worker would, with predictions: the rank of the ground truth of users 1, 2, …, and what follows. */
export async function endRunRanked({ db }: Console, runId: string, ranks: readonly Rank[]) {
	await db.run.update({ where: { id: runId }, data: { status: "succeeded", finishedAt: new Date() } });
	const { count, metrics } = summariseRanks(ranks, { k: 10, samples: 200, seed: 1 });
	await db.metric.createMany({
		data: Object.entries(metrics).map(([name, interval]) => ({ runId, name, count, ...interval })),
	});
	await db.prediction.createMany({
		data: ranks.map((rank, user) => ({
			...{ runId, exampleId: user, userId: user + 1, groundTruth: 1, rank, items: [], origins: [], cold: false },
		})),
	});
}

/** Ends a run as the worker would: with a metric, or with a reason. */
export async function endRun({ db }: Console, runId: string, recall: number | null) {
	const status = recall === null ? "failed" : "succeeded";
	await db.run.update({
		where: { id: runId },
		data: { status, error: recall === null ? "baseline: it broke" : null, finishedAt: new Date() },
	});
	if (recall === null) return;
	for (const name of ["recall@10", "ndcg@10", "mrr@10"]) {
		await db.metric.create({
			data: { runId, name, value: recall, low: recall - 0.05, high: recall + 0.05, count: 1000 },
		});
	}
}
