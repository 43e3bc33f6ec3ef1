import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createDatabase } from "@atelier/db";
import { createTestDatabase } from "@atelier/db/testing";
import { openQueue } from "@atelier/jobs";
import { createApiCaller, createAuth, createContext, type Services } from "../src";

export const CLI_TOKEN = "cli-token-of-the-tests";
export const URL_OF_TESTS = "http://127.0.0.1:3999";

/** The services of a console on a fresh real database, without HTTP around them. */
export async function startConsole(home = fileURLToPath(new URL("../../../.atelier", import.meta.url))) {
	const database = await createTestDatabase();
	const db = createDatabase(database.url);
	const queue = await openQueue(database.url, "sender");
	const secret = randomBytes(32).toString("hex");
	const services: Services = {
		db,
		queue,
		auth: createAuth({ db, url: URL_OF_TESTS, secret }),
		suitesDir: fileURLToPath(new URL("../../../suites", import.meta.url)),
		home,
		store: { home },
		hubCache: join(home, "hub"),
		readable: { open: [tmpdir()], closed: [] },
		uploadLimitBytes: 1e9,
		cliToken: CLI_TOKEN,
		secret,
		version: "test",
	};
	const callAs = async (headers: Record<string, string>) =>
		createApiCaller(await createContext(services, new Headers(headers)));
	return {
		url: database.url,
		services,
		callAs,
		owner: await callAs({ authorization: `Bearer ${CLI_TOKEN}` }),
		stop: async () => {
			await queue.stop();
			await db.$disconnect();
			await database.drop();
		},
	};
}
export type Console = Awaited<ReturnType<typeof startConsole>>;

export interface DatasetSeed {
	id: string;
	name: string;
	group?: string;
	searches?: number;
}

/** A ready dataset's row, without files. */
export async function seedDataset({ services: { db } }: Console, { id, name, group, searches = 30 }: DatasetSeed) {
	const counts = { items: 20, users: 10, searches, clicks: 50, purchases: 20, exposures: 0, rejected: 0 };
	await db.dataset.create({
		data: { id, name, group, format: "atelier", status: "ready", counts, request: {}, readyAt: new Date() },
	});
}
