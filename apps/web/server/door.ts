import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { judgeRequest, ownAddresses, type RequestFacts, SIGNED } from "./judge-request";
import { takeClaims } from "./peer";
import { NONCE_HEADER, securityHeaders } from "./security-headers";

export interface DoorConfig {
	port: number;
	/** Under which people open the console. */
	url: string;
	/** Addresses of proxies whose `X-Forwarded-…` headers count. */
	proxies: ReadonlySet<string>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** For whoever counts requests by where they come from. */
export const PEER_HEADER = "x-atelier-peer";

/**
 * The server in front of everything: a request for another host or from another site ends here, who asks is made sure
 * of, and every answer, of whatever kind, carries the security headers. In a server of our own, since Next's proxy file
 * sees neither the connection nor files, errors and refusals (docs/decisions/0017-one-door.md).
 *
 * @param behind the console
 * @param artifacts what answers signed addresses
 */
export function createDoor({ port, url, proxies }: DoorConfig, behind: Handler, artifacts: Handler): Server {
	const own = ownAddresses(url, port);
	const isServedSecurely = url.startsWith("https:");
	const server = createServer({ headersTimeout: 20_000, requestTimeout: 300_000 }, (request, response) => {
		const peer = takeClaims(request.headers, request.socket.remoteAddress ?? "", proxies);
		if (peer.forwardedHost !== undefined) request.headers.host = peer.forwardedHost;
		const nonce = randomBytes(18).toString("base64");
		const headers = securityHeaders(nonce, peer.isSecure && isServedSecurely);
		for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
		const refusal = judgeRequest(factsOf(request, peer.forwardedHost), own);
		if (refusal !== null) {
			// As JSON, so that nothing in an address can look like another line of the log.
			const what = `${JSON.stringify(request.method)} ${JSON.stringify(pathOf(request))} from ${peer.address}`;
			console.warn(`refused with ${refusal.status}: ${what}: ${refusal.message}`);
			refuse(response, refusal.status, refusal.message);
			return;
		}
		const isSigned = request.url?.startsWith(SIGNED) ?? false;
		if (isSigned || request.url?.startsWith("/api/")) response.setHeader("cache-control", "no-store");
		request.headers[PEER_HEADER] = peer.address;
		request.headers[NONCE_HEADER] = nonce;
		// Next reads the nonce of its own scripts out of this.
		request.headers["content-security-policy"] = headers["content-security-policy"];
		const handle = isSigned ? artifacts : behind;
		handle(request, response).catch((error: unknown) => {
			console.error(`${request.method} ${pathOf(request)}:`, error);
			if (!response.headersSent) refuse(response, 500, "Something went wrong in the console. Its log says what.");
			else response.destroy();
		});
	});
	server.on("clientError", (_error, socket) => {
		if (!socket.writable) return socket.destroy();
		const headers = Object.entries(securityHeaders("none", false)).map(([name, value]) => `${name}: ${value}\r\n`);
		socket.end(`HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n${headers.join("")}\r\n`);
	});
	return server;
}

function factsOf(request: IncomingMessage, forwardedHost: string | undefined): RequestFacts {
	const { headers, headersDistinct } = request;
	return {
		method: request.method ?? "",
		target: request.url ?? "",
		hosts: forwardedHost === undefined ? (headersDistinct.host ?? []) : [forwardedHost],
		origin: headers.origin,
		fetchSite: oneOf(headers["sec-fetch-site"]),
		fetchMode: oneOf(headers["sec-fetch-mode"]),
		hasBearer: headers.authorization?.startsWith("Bearer ") ?? false,
		contentLength: headers["content-length"],
		transferEncoding: headers["transfer-encoding"],
	};
}

const oneOf = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** Without what stands in the query, which may be a sign-in link's token. */
const pathOf = ({ url = "" }: IncomingMessage) => url.split("?")[0];

function refuse(response: ServerResponse, status: number, message: string): void {
	// What is left of the body is not waited for.
	response.writeHead(status, {
		"content-type": "text/plain; charset=utf-8",
		"cache-control": "no-store",
		connection: "close",
	});
	response.end(`${message}\n`);
}
