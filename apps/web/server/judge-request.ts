/** What is known of a request before any of it is answered. */
export interface RequestFacts {
	method: string;
	/** As it stands in the request line. */
	target: string;
	/** Every Host header there is; more than one is an attempt to be understood in two ways. */
	hosts: readonly string[];
	origin: string | undefined;
	/** `Sec-Fetch-Site` and `-Mode`; browsers send them, programs need not. */
	fetchSite: string | undefined;
	fetchMode: string | undefined;
	hasBearer: boolean;
	contentLength: string | undefined;
	transferEncoding: string | undefined;
}

/** Where the console answers, as `host:port` and as origins. */
export interface OwnAddresses {
	hosts: ReadonlySet<string>;
	origins: ReadonlySet<string>;
}

export interface Refusal {
	status: number;
	message: string;
}

/** A procedure's input is small; a file comes in pieces. */
export const MAX_BODY_BYTES = 1 << 20;
export const MAX_PIECE_BYTES = 8 << 20;
const MAX_TARGET = 10_000;
const READING = new Set(["GET", "HEAD"]);
const WRITING = new Set(["POST", "PUT", "DELETE"]);
/** Opened from a mail or a chat: the one place under /api where another site may send somebody. */
const SIGN_IN_LINK = "/api/auth/magic-link/verify?";
/** Addresses that are signed one by one, for programs on other machines. */
export const SIGNED = "/artifacts/";

/**
 * The addresses of a console on a port of this machine, and the one under which people open it.
 *
 * @param url of the console, `http://127.0.0.1:3000` or what a proxy serves it as
 */
export function ownAddresses(url: string, port: number): OwnAddresses {
	const { host, origin } = new URL(url);
	const local = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
	return {
		hosts: new Set([host, ...local]),
		origins: new Set([origin, ...local.map((name) => `http://${name}`)]),
	};
}

/** Why a request is not answered, or null. Asked of every request, whatever it is for. */
export function judgeRequest(facts: RequestFacts, own: OwnAddresses): Refusal | null {
	const { method, target } = facts;
	if (!READING.has(method) && !WRITING.has(method)) return { status: 405, message: `${method} is not answered here.` };
	if (target.length > MAX_TARGET) return { status: 414, message: "The address is too long." };
	// `//host/…` and `http://host/…` name another host than the Host header does.
	if (!target.startsWith("/") || target.startsWith("//") || target.includes("\\")) {
		return { status: 400, message: "The address must be a path." };
	}
	return judgeSender(facts, own) ?? judgeBody(facts);
}

function judgeSender(facts: RequestFacts, { hosts, origins }: OwnAddresses): Refusal | null {
	const [host] = facts.hosts;
	// A name that was pointed at us is of no use without a signature, and GPU hosts may reach us by another than people do.
	const isOurs = host !== undefined && (hosts.has(host.toLowerCase()) || facts.target.startsWith(SIGNED));
	if (facts.hosts.length !== 1 || !isOurs) {
		return { status: 421, message: `This console does not answer under that name. It answers at ${[...origins][0]}.` };
	}
	if (facts.origin !== undefined && !origins.has(facts.origin)) {
		return { status: 403, message: "Requests from other sites are not answered." };
	}
	const isLink = facts.method === "GET" && facts.target.startsWith(SIGN_IN_LINK) && facts.fetchMode === "navigate";
	const isForeign = facts.fetchSite === "cross-site" || facts.fetchSite === "same-site";
	const isDeep = facts.target.startsWith("/api/") || facts.target.startsWith(SIGNED);
	if (isDeep && isForeign && !isLink) {
		return { status: 403, message: "Requests from other sites are not answered." };
	}
	// No browser sends the signature along by itself, as it does a cookie.
	const isProgram = facts.hasBearer || facts.target.startsWith(SIGNED);
	if (WRITING.has(facts.method) && facts.origin === undefined && !isProgram) {
		return { status: 403, message: "A request that changes something needs an Origin, or the command line's token." };
	}
	return null;
}

function judgeBody({ method, target, contentLength, transferEncoding }: RequestFacts): Refusal | null {
	if (READING.has(method)) {
		const hasBody = transferEncoding !== undefined || Number(contentLength ?? 0) > 0;
		return hasBody ? { status: 400, message: `${method} takes no body.` } : null;
	}
	if (transferEncoding !== undefined || contentLength === undefined) {
		return { status: 411, message: "The length of a body must be given." };
	}
	const isPiece = target.startsWith("/api/uploads/") || target.startsWith(SIGNED);
	const most = isPiece ? MAX_PIECE_BYTES : MAX_BODY_BYTES;
	return Number(contentLength) > most ? { status: 413, message: `A body holds at most ${most} bytes here.` } : null;
}
