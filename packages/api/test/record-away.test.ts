import { createDatabase, type Database } from "@atelier/db";
import { type Way, wayTo } from "@atelier/db/testing";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appRouter, createAuth, createContext, logIdOf, type Services } from "../src";
import { CLI_TOKEN, type Console, startConsole, URL_OF_TESTS } from "./console";

/** Asks as the console's route does. */
async function ask(services: Services, path: string, headers: Record<string, string>) {
	const ids: string[] = [];
	const response = await fetchRequestHandler({
		endpoint: "/api/trpc",
		req: new Request(`${URL_OF_TESTS}/api/trpc/${path}`, { headers }),
		router: appRouter,
		createContext: () => createContext(services, new Headers(headers)),
		onError: ({ error }) => ids.push(logIdOf(error)),
	});
	return { status: response.status, text: await response.text(), ids };
}

const CLI = { authorization: `Bearer ${CLI_TOKEN}` };
/** Host, port, libraries, codes and files of a stack. */
const INSIDES = /127\.0\.0\.1|localhost|:\d{4,5}|prisma|ECONN|postgres|P\d{4}|node_modules|\.ts|findMany|relation/i;

describe("while Postgres is away", () => {
	let console: Console;
	let way: Way;
	let db: Database;
	let services: Services;
	beforeAll(async () => {
		console = await startConsole();
		way = await wayTo(console.url);
		db = createDatabase(way.url);
		services = { ...console.services, db, auth: createAuth({ db, url: URL_OF_TESTS, secret: "s".repeat(32) }) };
	}, 60_000);
	afterAll(async () => {
		await db.$disconnect();
		await way.cut();
		await console.stop();
	});

	async function signIn(): Promise<{ cookie: string }> {
		const response = await services.auth.handler(new Request(await services.auth.createSignInLink()));
		return {
			cookie: response.headers
				.getSetCookie()
				.map((cookie) => cookie.split(";")[0])
				.join("; "),
		};
	}

	it("an answer says so without host, port or library, for the command line and for a browser, and all is well after", async () => {
		const browser = await signIn();
		for (const headers of [CLI, browser])
			expect(await ask(services, "runs.list", headers)).toMatchObject({ status: 200 });
		await way.cut();
		for (const headers of [CLI, browser]) {
			const { status, text } = await ask(services, "runs.list", headers);
			expect(status).toBe(503);
			expect(JSON.parse(text).error.json).toMatchObject({
				message: "The record is restarting. Nothing is lost; try again in a few seconds.",
				data: { appCode: "UNAVAILABLE", isRecordAway: true },
			});
			expect(text).not.toMatch(INSIDES);
		}
		await way.mend();
		for (const headers of [CLI, browser])
			expect(await ask(services, "runs.list", headers)).toMatchObject({ status: 200 });
	}, 60_000);
});

describe("an error that nobody foresaw", () => {
	let console: Console;
	beforeAll(async () => {
		console = await startConsole();
	}, 60_000);
	afterAll(() => console.stop());

	it("is named to people by an id that the log has too, and by nothing of its insides", async () => {
		await console.services.db.$executeRaw`ALTER TABLE run RENAME TO elsewhere`;
		const { status, text, ids } = await ask(console.services, "runs.list", CLI);
		expect(status).toBe(500);
		const { message } = JSON.parse(text).error.json;
		expect(message).toBe(`The console met an error that is none of yours. Its log has it under ${ids[0]}.`);
		expect(text).not.toMatch(INSIDES);
	}, 30_000);
});
