import { once } from "node:events";
import {
	createServer,
	type IncomingHttpHeaders,
	type IncomingMessage,
	type RequestOptions,
	request,
	type Server,
} from "node:http";
import { connect } from "node:net";
import { PIECE_HASH_HEADER } from "@atelier/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDoor, type Handler } from "~/server/door";

const URL_OF_CONSOLE = "https://atelier.example";
const HEADERS = [
	"content-security-policy",
	"x-content-type-options",
	"x-frame-options",
	"referrer-policy",
	"permissions-policy",
	"cross-origin-opener-policy",
	"cross-origin-resource-policy",
];

let door: Server;
let port: number;
/** Headers of what reached the console behind the door. */
let seen: IncomingHttpHeaders[] = [];

async function freePort(): Promise<number> {
	const probe = createServer();
	probe.listen(0, "127.0.0.1");
	await once(probe, "listening");
	const at = probe.address();
	await new Promise((resolve) => probe.close(resolve));
	if (at === null || typeof at === "string") throw new Error("no port");
	return at.port;
}

async function openDoor(proxies: string[] = []): Promise<Server> {
	const answer: Handler = async (incoming, response) => {
		if (incoming.url === "/breaks") throw new Error("a secret of the console");
		seen.push({ ...incoming.headers });
		response.end("inside");
	};
	const opened = createDoor({ port, url: URL_OF_CONSOLE, proxies: new Set(proxies) }, answer, answer);
	opened.listen(port, "127.0.0.1");
	await once(opened, "listening");
	return opened;
}

const close = (opened: Server) => new Promise((resolve) => opened.close(resolve));

beforeAll(async () => {
	port = await freePort();
	door = await openDoor();
});
afterAll(() => close(door));

interface Answer {
	status: number;
	headers: IncomingHttpHeaders;
	body: string;
}

async function ask(options: RequestOptions & { body?: string | undefined }): Promise<Answer> {
	seen = [];
	const { body, headers, ...rest } = options;
	const sent = request({
		host: "127.0.0.1",
		port,
		agent: false,
		...rest,
		headers: { host: `127.0.0.1:${port}`, ...headers },
	});
	sent.end(body);
	const [response]: IncomingMessage[] = await once(sent, "response");
	if (response === undefined) throw new Error("no answer");
	const chunks: Buffer[] = [];
	for await (const chunk of response) chunks.push(chunk);
	return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

/** Bytes as no HTTP library would send them; the answer's first line and headers. */
async function raw(text: string): Promise<string> {
	const socket = connect(port, "127.0.0.1");
	socket.end(text);
	const chunks: Buffer[] = [];
	for await (const chunk of socket) chunks.push(chunk);
	return Buffer.concat(chunks).toString();
}

describe("who may ask", () => {
	const own = () => `http://127.0.0.1:${port}`;
	const cases: [string, number, () => RequestOptions & { body?: string }][] = [
		["a page by its address", 200, () => ({ path: "/" })],
		["a page by the name of this machine", 200, () => ({ path: "/", headers: { host: `localhost:${port}` } })],
		["a page by the name that people use", 200, () => ({ path: "/", headers: { host: "atelier.example" } })],
		["a page by a name that was pointed at us", 421, () => ({ path: "/", headers: { host: `evil.example:${port}` } })],
		["a file by such a name", 421, () => ({ path: "/_next/static/x.js", headers: { host: "evil.example" } })],
		["a procedure by such a name", 421, () => ({ path: "/api/trpc/x", headers: { host: "evil.example" } })],
		["a page by another port", 421, () => ({ path: "/", headers: { host: "127.0.0.1:1" } })],
		["a page without a port", 421, () => ({ path: "/", headers: { host: "127.0.0.1" } })],
		["a name that ends like ours", 421, () => ({ path: "/", headers: { host: "evil-atelier.example" } })],
		["a name that begins like ours", 421, () => ({ path: "/", headers: { host: "atelier.example.evil.example" } })],
		[
			"a host that only a proxy could know",
			421,
			() => ({ path: "/", headers: { host: "x", "x-forwarded-host": "atelier.example" } }),
		],
		["another host in the address", 400, () => ({ path: "http://evil.example/" })],
		["another host in the path", 400, () => ({ path: "//evil.example/" })],
		["a path with backslashes", 400, () => ({ path: "/\\evil.example" })],
		[
			"a change from our own page",
			200,
			() => ({ path: "/api/trpc/x", method: "POST", headers: { origin: own() }, body: "{}" }),
		],
		[
			"a change by the command line",
			200,
			() => ({ path: "/api/trpc/x", method: "POST", headers: { authorization: "Bearer x" }, body: "{}" }),
		],
		["a change from nowhere", 403, () => ({ path: "/api/trpc/x", method: "POST", body: "{}" })],
		[
			"a change from another site",
			403,
			() => ({ path: "/api/trpc/x", method: "POST", headers: { origin: "https://evil.example" }, body: "{}" }),
		],
		[
			"a change from a hidden origin",
			403,
			() => ({ path: "/api/trpc/x", method: "POST", headers: { origin: "null" }, body: "{}" }),
		],
		[
			"a change from another port of this machine",
			403,
			() => ({ path: "/api/trpc/x", method: "POST", headers: { origin: "http://127.0.0.1:1" }, body: "{}" }),
		],
		[
			"a change from our name over http",
			403,
			() => ({ path: "/api/trpc/x", method: "POST", headers: { origin: "http://atelier.example" }, body: "{}" }),
		],
		[
			"a change with the token from another site",
			403,
			() => ({
				path: "/api/trpc/x",
				method: "POST",
				headers: { origin: "https://evil.example", authorization: "Bearer x" },
				body: "{}",
			}),
		],
		[
			"a form of another site",
			403,
			() => ({ path: "/sign-in", method: "POST", headers: { origin: "https://evil.example" }, body: "x=1" }),
		],
		[
			"a subscription from another site",
			403,
			() => ({
				path: "/api/trpc/runs.follow",
				headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
			}),
		],
		[
			"a query from another port of this machine",
			403,
			() => ({ path: "/api/trpc/x", headers: { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" } }),
		],
		[
			"a query with a foreign origin",
			403,
			() => ({ path: "/api/trpc/x", headers: { origin: "https://evil.example" } }),
		],
		["a query from our own page", 200, () => ({ path: "/api/trpc/x", headers: { "sec-fetch-site": "same-origin" } })],
		[
			"a sign-in link opened from a mail",
			200,
			() => ({
				path: "/api/auth/magic-link/verify?token=x",
				headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" },
			}),
		],
		[
			"a sign-in link as a picture",
			403,
			() => ({
				path: "/api/auth/magic-link/verify?token=x",
				headers: { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" },
			}),
		],
		["another method", 405, () => ({ path: "/", method: "OPTIONS" })],
		["a trace", 405, () => ({ path: "/", method: "TRACE" })],
		["an address without end", 414, () => ({ path: `/${"a".repeat(12_000)}` })],
		[
			"a body with a query",
			400,
			() => ({ path: "/api/trpc/x", method: "GET", headers: { "content-length": 2 }, body: "{}" }),
		],
		[
			"a body without a length",
			411,
			() => ({
				path: "/api/trpc/x",
				method: "POST",
				headers: { origin: own(), "transfer-encoding": "chunked" },
				body: "{}",
			}),
		],
		[
			"a body that is too large for a procedure",
			413,
			() => ({ path: "/api/trpc/x", method: "POST", headers: { origin: own(), "content-length": (1 << 20) + 1 } }),
		],
		[
			"a piece of a file",
			200,
			() => ({
				path: "/api/uploads/x/0/0",
				method: "PUT",
				headers: { origin: own(), "content-length": 2 << 20 },
				body: "x".repeat(2 << 20),
			}),
		],
		[
			"a piece that is too large",
			413,
			() => ({
				path: "/api/uploads/x/0/0",
				method: "PUT",
				headers: { origin: own(), "content-length": (8 << 20) + 1 },
			}),
		],
		["what breaks inside", 500, () => ({ path: "/breaks" })],
	];
	it.each(cases)("%s: %i", async (_what, status, options) => {
		const answer = await ask(options());
		expect(answer.status).toBe(status);
		expect(answer.body === "inside").toBe(status === 200);
		for (const name of HEADERS) expect(answer.headers[name], name).toBeTruthy();
		expect(answer.headers["x-powered-by"]).toBeUndefined();
		expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
		expect(answer.body).not.toContain("secret");
	});

	it("two Host headers are one too many", async () => {
		const answer = await raw(
			`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
		);
		expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
		expect(answer).not.toContain("inside");
	});

	it("what is no HTTP is refused with the headers of every answer", async () => {
		const answer = (await raw("GET / HTTP/1.1\r\nbroken\r\n\r\n")).toLowerCase();
		expect(answer).toMatch(/^http\/1\.1 400 /);
		for (const name of HEADERS) expect(answer).toContain(`${name}:`);
	});
});

describe("who asks", () => {
	const claims = {
		"x-forwarded-for": "203.0.113.9",
		"x-forwarded-proto": "https",
		"x-forwarded-host": "atelier.example",
		"x-real-ip": "203.0.113.9",
		forwarded: "for=203.0.113.9",
		"x-atelier-peer": "203.0.113.9",
		"x-nonce": "known",
		"content-security-policy": "script-src 'nonce-known'",
		"x-middleware-subrequest": "proxy",
	};

	it("is the other end of the connection, whatever the request claims", async () => {
		const answer = await ask({ path: "/", headers: claims });
		expect(answer.status).toBe(200);
		expect(seen[0]?.["x-atelier-peer"]).toBe("127.0.0.1");
		expect(seen[0]?.["x-nonce"]).not.toBe("known");
		expect(JSON.stringify(seen)).not.toMatch(/203\.0\.113\.9|nonce-known|subrequest/);
		expect(answer.headers["strict-transport-security"]).toBeUndefined();
	});

	it("keeps what it says of a piece that it sends", async () => {
		await ask({ path: "/", headers: { [PIECE_HASH_HEADER]: "0".repeat(64) } });
		expect(seen[0]?.[PIECE_HASH_HEADER]).toBe("0".repeat(64));
	});

	it("is whom a named proxy says, and the last address that is none of its own", async () => {
		await close(door);
		door = await openDoor(["127.0.0.1", "10.0.0.1"]);
		const headers = { ...claims, "x-forwarded-for": "192.0.2.66, 203.0.113.9, 10.0.0.1" };
		const answer = await ask({ path: "/", headers: { ...headers, host: "inner" } });
		expect(answer.status).toBe(200);
		expect(seen[0]?.["x-atelier-peer"]).toBe("203.0.113.9");
		expect(answer.headers["strict-transport-security"]).toMatch(/max-age=\d{7,}/);
		const foreign = await ask({ path: "/", headers: { ...headers, "x-forwarded-host": "evil.example" } });
		expect(foreign.status).toBe(421);
	});
});

it("every answer has a nonce of its own, and scripts run by it alone", async () => {
	const policies = await Promise.all(
		[1, 2].map(async () => (await ask({ path: "/" })).headers["content-security-policy"]),
	);
	const nonces = policies.map((policy) => /script-src[^;]*'nonce-([^']+)'/.exec(String(policy))?.[1] ?? "");
	expect(nonces[0]?.length).toBeGreaterThanOrEqual(22);
	expect(nonces[0]).not.toBe(nonces[1]);
	for (const policy of policies) {
		expect(policy).toContain("frame-ancestors 'none'");
		expect(policy).toContain("base-uri 'none'");
		expect(/script-src ([^;]*)/.exec(String(policy))?.[1]).not.toContain("unsafe");
	}
});
