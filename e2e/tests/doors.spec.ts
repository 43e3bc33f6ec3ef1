import { type APIResponse, request } from "@playwright/test";
import { expect, test } from "../test";

const HEADERS = {
	"content-security-policy": /script-src 'self' 'nonce-[^']{20,}' 'strict-dynamic';.*frame-ancestors 'none'/,
	"x-content-type-options": /^nosniff$/,
	"referrer-policy": /^same-origin$/,
	"permissions-policy": /camera=\(\)/,
	"cross-origin-opener-policy": /^same-origin$/,
};

function expectHeaders(response: APIResponse): void {
	for (const [name, value] of Object.entries(HEADERS)) expect(response.headers()[name], name).toMatch(value);
	expect(response.headers()["x-powered-by"]).toBeUndefined();
	expect(response.headers()["access-control-allow-origin"]).toBeUndefined();
}

test("every answer of the running console has its security headers, whatever it is", async ({
	console: { url },
	page,
}) => {
	await page.goto("/");
	const files = await page.evaluate(() =>
		[...document.querySelectorAll("script[src], link[rel=stylesheet]")].map(
			(one) => one.getAttribute("src") ?? one.getAttribute("href") ?? "",
		),
	);
	expect(files.length).toBeGreaterThan(2);
	const paths = [
		...[
			"/",
			"/datasets",
			"/launch",
			"/runs",
			"/hosts",
			"/benchmark",
			"/ablations",
			"/figures",
			"/slices",
			"/compare",
			"/settings",
			"/inspector",
			"/sign-in",
		],
		...[
			"/nowhere",
			"/datasets/nowhere",
			"/runs/nowhere",
			"/api/nowhere",
			"/api/trpc/system.status",
			"/api/trpc/nowhere",
		],
		...["/api/auth/get-session", "/api/auth/magic-link/verify?token=x", "/api/uploads/x/0/0", "/icon.svg"],
		...["/_next/static/nowhere.js", "/_next/image?url=%2Ficon.svg&w=64&q=75", "/%", "/%c0%ae%c0%ae/"],
		...files.slice(0, 3),
	];
	for (const path of paths) {
		const response = await page.request.get(url + path, { maxRedirects: 0 });
		await test.step(`${path}: ${response.status()}`, () => expectHeaders(response));
	}
});

test("a name that was pointed at this machine, and another site, get nothing", async ({ console: { url, token } }) => {
	const stranger = await request.newContext({ storageState: { cookies: [], origins: [] } });
	const ask = (headers: Record<string, string>, path = "/api/trpc/datasets.list") =>
		stranger.get(url + path, { headers: { authorization: `Bearer ${token}`, ...headers } });
	expect((await ask({})).status()).toBe(200);
	for (const path of ["/", "/sign-in", "/icon.svg", "/api/trpc/datasets.list"]) {
		const response = await ask({ host: "evil.example" }, path);
		expect(response.status()).toBe(421);
		expectHeaders(response);
	}
	expect((await ask({ origin: "https://evil.example" })).status()).toBe(403);
	expect((await ask({ "sec-fetch-site": "cross-site" })).status()).toBe(403);
	const change = (headers: Record<string, string>) =>
		stranger.post(`${url}/api/trpc/session.signInLink`, { headers, data: {} });
	expect((await change({})).status()).toBe(403);
	expect((await change({ origin: url })).status()).toBe(401);
	expect((await change({ authorization: `Bearer ${token}` })).status()).toBe(200);
	await stranger.dispose();
});

test("who is signed out is out, and the cookie opens nothing any more", async ({
	browser,
	client,
	console: { url },
}) => {
	const context = await browser.newContext({ storageState: undefined });
	const own = await context.newPage();
	await own.goto((await client.session.signInLink.mutate()).url);
	await own.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
	const cookies = await context.cookies();
	const session = cookies.find(({ name }) => name.endsWith(".session_token"));
	expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", secure: false });
	expect(session?.name).toMatch(/^atelier-[0-9a-f]{8}\./);
	await own.getByRole("button", { name: /^Account of/ }).click();
	await own.getByRole("menuitem", { name: "Sign out" }).click();
	await own.waitForURL("**/sign-in");
	await context.addCookies(cookies);
	await own.goto(`${url}/datasets`);
	await expect(own).toHaveURL(/\/sign-in/);
	await context.close();
});
