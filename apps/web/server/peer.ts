import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";

/** Who really asks. */
export interface Peer {
	address: string;
	/** Whether people reach the console by https, which only a proxy offers. */
	isSecure: boolean;
	/** The Host that was asked for at the proxy. */
	forwardedHost: string | undefined;
}

/** What a client may claim about itself or the way; believed of a named proxy alone. */
const CLAIMS =
	/^(x-forwarded-|x-real-ip$|forwarded$|true-client-ip$|cf-connecting-ip$|x-client-ip$|x-atelier-peer$|x-middleware-)/;

const plain = (address: string) => address.trim().replace(/^::ffff:/, "");

/**
 * Takes a request's claims off it and says who asks: the other end of the connection, unless that is a proxy which is
 * named in ATELIER_TRUSTED_PROXY; then the last address in its `X-Forwarded-For` that is no named proxy itself.
 */
export function takeClaims(headers: IncomingHttpHeaders, remoteAddress: string, proxies: ReadonlySet<string>): Peer {
	const claimed = {
		addresses: String(headers["x-forwarded-for"] ?? "").split(","),
		protocol: String(headers["x-forwarded-proto"] ?? ""),
		host: headers["x-forwarded-host"],
	};
	for (const name of Object.keys(headers)) if (CLAIMS.test(name)) delete headers[name];
	const other = plain(remoteAddress);
	if (!proxies.has(other)) return { address: other, isSecure: false, forwardedHost: undefined };
	const last = claimed.addresses.map(plain).findLast((address) => isIP(address) !== 0 && !proxies.has(address));
	return {
		address: last ?? other,
		isSecure: claimed.protocol.split(",").at(-1)?.trim() === "https",
		forwardedHost: typeof claimed.host === "string" ? claimed.host.split(",").at(-1)?.trim() : undefined,
	};
}
