import { afterAll, beforeAll, expect, it } from "vitest";
import { createAuth } from "../src";
import { type Console, startConsole } from "./console";

let atelier: Console;
beforeAll(async () => {
	atelier = await startConsole();
});
afterAll(() => atelier.stop());

/** As the server in front hands it on. */
const open = (link: string, peer = "203.0.113.250") =>
	atelier.services.auth.handler(new Request(link, { redirect: "manual", headers: { "x-atelier-peer": peer } }));
const cookieOf = (response: Response) =>
	response.headers
		.getSetCookie()
		.map((cookie) => cookie.split(";")[0])
		.join("; ");

it("a link signs its first opener in, and only the first", async () => {
	const link = await atelier.services.auth.createSignInLink();
	const first = await open(link);
	const signedIn = await atelier.callAs({ cookie: cookieOf(first) });
	expect((await signedIn.session.me()).user?.email).toBe("owner@atelier.local");
	expect(await signedIn.datasets.list()).toEqual([]);

	const second = await open(link);
	const refused = await atelier.callAs({ cookie: cookieOf(second) });
	expect((await refused.session.me()).user).toBeNull();
	expect(second.headers.get("location")).toMatch(/\/sign-in\?error=/);
});

it("links are made on the machine itself, never by a request from outside", async () => {
	const asked = await atelier.services.auth.handler(
		new Request("http://127.0.0.1:3999/api/auth/sign-in/magic-link", {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ email: "someone@elsewhere.example" }),
		}),
	);
	expect(asked.status).toBe(404);
	expect(await atelier.services.db.verification.count({ where: { value: { contains: "someone" } } })).toBe(0);
});

it("twenty links asked for at once all come, differ, and each signs its opener in", async () => {
	const links = await Promise.all(Array.from({ length: 20 }, () => atelier.services.auth.createSignInLink()));
	expect(new Set(links).size).toBe(20);
	const opened = await Promise.all(links.map((link, i) => open(link, `203.0.113.${i}`)));
	const people = await Promise.all(
		opened.map(async (response) => (await atelier.callAs({ cookie: cookieOf(response) })).session.me()),
	);
	expect(people.map(({ user }) => user?.email)).toEqual(Array(20).fill("owner@atelier.local"));
});

it("the record holds no token that would open a link", async () => {
	const link = await atelier.services.auth.createSignInLink();
	const token = new URL(link).searchParams.get("token") ?? "";
	expect(token.length).toBeGreaterThanOrEqual(32);
	const rows = await atelier.services.db.verification.findMany();
	expect(rows.length).toBeGreaterThan(0);
	expect(JSON.stringify(rows)).not.toContain(token);
});

it("a session is over once it is signed out, and its cookie opens nothing any more", async () => {
	const cookie = cookieOf(await open(await atelier.services.auth.createSignInLink()));
	const before = await atelier.callAs({ cookie });
	expect((await before.session.me()).user).not.toBeNull();
	const out = await atelier.services.auth.handler(
		new Request("http://127.0.0.1:3999/api/auth/sign-out", {
			method: "POST",
			headers: { cookie, origin: "http://127.0.0.1:3999", "content-type": "application/json" },
			body: "{}",
		}),
	);
	expect(out.status).toBe(200);
	const after = await atelier.callAs({ cookie });
	expect((await after.session.me()).user).toBeNull();
});

it("a session ends seven days after its sign-in, however much it was used", async () => {
	const cookie = cookieOf(await open(await atelier.services.auth.createSignInLink()));
	const { db } = atelier.services;
	const session = await db.session.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
	const days = (session.expiresAt.getTime() - session.createdAt.getTime()) / 86_400_000;
	expect(days).toBeCloseTo(7, 2);
	await db.session.update({ where: { id: session.id }, data: { expiresAt: new Date(Date.now() + 60_000) } });
	expect((await (await atelier.callAs({ cookie })).session.me()).user).not.toBeNull();
	const used = await db.session.findUniqueOrThrow({ where: { id: session.id } });
	expect(used.expiresAt.getTime()).toBeLessThan(Date.now() + 61_000);
	await db.session.update({ where: { id: session.id }, data: { expiresAt: new Date(Date.now() - 1_000) } });
	expect((await (await atelier.callAs({ cookie })).session.me()).user).toBeNull();
});

it.each([
	"https://evil.example",
	"//evil.example",
	"/\\evil.example",
	"http://127.0.0.1:3999@evil.example",
	"http://127.0.0.1:39990/",
	"javascript:alert(1)",
])("a link leads nowhere but to this console: %s", async (target) => {
	for (const name of ["callbackURL", "errorCallbackURL", "newUserCallbackURL"]) {
		const link = new URL(await atelier.services.auth.createSignInLink());
		link.searchParams.set(name, target);
		const response = await open(link.href, "198.51.100.7");
		const location = response.headers.get("location");
		if (location !== null) expect(new URL(location, "http://127.0.0.1:3999").origin).toBe("http://127.0.0.1:3999");
		else expect(response.status).toBeGreaterThanOrEqual(400);
	}
});

it("who opens too many links is slowed down by where they really come from", async () => {
	const statuses: number[] = [];
	for (let i = 0; i < 40; i++) {
		const link = `http://127.0.0.1:3999/api/auth/magic-link/verify?token=guess${i}&callbackURL=/`;
		const headers = { "x-atelier-peer": "192.0.2.1", "x-forwarded-for": `10.0.0.${i}` };
		statuses.push((await atelier.services.auth.handler(new Request(link, { headers }))).status);
	}
	expect(statuses.slice(0, 30)).not.toContain(429);
	expect(statuses.slice(30)).toEqual(Array(10).fill(429));
	expect((await open(await atelier.services.auth.createSignInLink(), "192.0.2.2")).status).toBe(302);
});

it("two consoles on one host do not touch each other's cookies", async () => {
	const other = await startConsole();
	try {
		const [mine, theirs] = await Promise.all(
			[atelier, other].map(async ({ services: { auth } }) =>
				cookieOf(await auth.handler(new Request(await auth.createSignInLink(), { redirect: "manual" }))),
			),
		);
		expect(mine?.split("=")[0]).not.toBe(theirs?.split("=")[0]);
		// A browser sends both to both.
		const both = { cookie: `${mine}; ${theirs}` };
		for (const { callAs } of [atelier, other]) expect((await (await callAs(both)).session.me()).user).not.toBeNull();
	} finally {
		await other.stop();
	}
});

it("cookies are for this site's pages and no script, and over https for https alone", async () => {
	const { db } = atelier.services;
	for (const [url, isSecure] of [
		["http://127.0.0.1:3999", false],
		["https://atelier.example", true],
	] as const) {
		const auth = createAuth({ db, url, secret: "s".repeat(64) });
		const response = await auth.handler(new Request(await auth.createSignInLink(), { redirect: "manual" }));
		const cookies = response.headers.getSetCookie();
		expect(cookies.length).toBeGreaterThan(0);
		for (const cookie of cookies) {
			expect(cookie).toMatch(/; HttpOnly/i);
			expect(cookie).toMatch(/; SameSite=Lax/i);
			expect(/; Secure/i.test(cookie)).toBe(isSecure);
			expect(cookie.startsWith(isSecure ? "__Secure-atelier-" : "atelier-")).toBe(true);
		}
	}
});

it("nobody without a session or the right token gets an answer", async () => {
	const strangers: Record<string, string>[] = [
		{},
		{ authorization: "Bearer guess" },
		{ cookie: `${atelier.services.auth.cookiePrefix}.session_token=guess` },
	];
	for (const headers of strangers) {
		const stranger = await atelier.callAs(headers);
		await expect(stranger.datasets.list()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
	}
});
