import { afterAll, beforeAll, expect, it } from "vitest";
import { type Console, startConsole } from "./console";

let atelier: Console;
beforeAll(async () => {
	atelier = await startConsole();
});
afterAll(() => atelier.stop());

const open = (link: string) => atelier.services.auth.handler(new Request(link, { redirect: "manual" }));
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
			body: JSON.stringify({ email: "owner@atelier.local" }),
		}),
	);
	expect(asked.status).toBe(403);
});

it("nobody without a session or the right token gets an answer", async () => {
	const strangers: Record<string, string>[] = [
		{},
		{ authorization: "Bearer guess" },
		{ cookie: "better-auth.session_token=guess" },
	];
	for (const headers of strangers) {
		const stranger = await atelier.callAs(headers);
		await expect(stranger.datasets.list()).rejects.toMatchObject({ code: "UNAUTHORIZED" });
	}
});
