import { createHmac, timingSafeEqual } from "node:crypto";

/** Good for a night in which nobody is there to look; what is written gets a new address with each heartbeat. */
export const ADDRESS_SECONDS = 12 * 3_600;

/** Where signed addresses lie below the console's own. */
export const ARTIFACTS = "/artifacts/";

/** What an address allows: to read one file of the store, or to write into one attempt's folder. */
export type ArtifactGrant =
	| { way: "get"; attempt: string; ref: string; name: string; sizeBytes: number }
	| { way: "put"; attempt: string; name: string };

/** Stands for the file in an address that is good for every file of an attempt. */
const ANY = "{path}";

/**
 * Addresses of artifacts, each bound to one attempt, direction and file (for what an attempt writes: its folder, since
 * nobody knows the names before), and to a time. What they are worth beyond that the route asks the record.
 */
export class AddressSigner {
	private readonly key: Buffer;

	/** @param secret of the installation, from which a key of this use alone is derived */
	constructor(
		secret: string,
		private readonly now: () => number = Date.now,
	) {
		this.key = createHmac("sha256", secret).update("atelier artifacts 1").digest();
	}

	/** Path and query under which an attempt may read one file. */
	get(attempt: string, ref: string, file: { path: string; sizeBytes: number }, seconds: number): string {
		const path = `get/${attempt}/${ref}/${file.path}`;
		const expires = this.expiry(seconds);
		const query = `expires=${expires}&size=${file.sizeBytes}`;
		return `${ARTIFACTS}${encoded(path)}?${query}&signature=${this.sign(path, query)}`;
	}

	/** The same for writing into its own folder: `{path}` stands for the file's name. */
	put(attempt: string, seconds: number): string {
		const path = `put/${attempt}/${ANY}`;
		const query = `expires=${this.expiry(seconds)}`;
		return `${ARTIFACTS}${path}?${query}&signature=${this.sign(path, query)}`;
	}

	/**
	 * What the address of a request allows.
	 *
	 * @param target path and query as they came
	 * @returns a sentence where it allows nothing
	 */
	read(target: string): ArtifactGrant | string {
		const url = URL.canParse(target, "http://x") ? new URL(target, "http://x") : null;
		const parts = decoded(target.split("?")[0]?.slice(ARTIFACTS.length) ?? "");
		if (url === null || parts === null) return "This is no address of an artifact.";
		const [way, attempt = "", ...rest] = parts;
		const expires = Number(url.searchParams.get("expires"));
		const size = url.searchParams.get("size");
		const signature = url.searchParams.get("signature") ?? "";
		const path = way === "put" ? `put/${attempt}/${ANY}` : parts.join("/");
		const query = size === null ? `expires=${expires}` : `expires=${expires}&size=${size}`;
		if (!isEqual(this.sign(path, query), signature)) return "This address was not signed by this console.";
		if (!(expires * 1_000 > this.now())) return "This address has expired.";
		if (way === "put") return { way, attempt, name: rest.join("/") };
		const depth = rest[0] === "datasets" ? 2 : 4;
		const [ref, name] = [rest.slice(0, depth).join("/"), rest.slice(depth).join("/")];
		return { way: "get", attempt, ref, name, sizeBytes: Number(size) };
	}

	private expiry(seconds: number): number {
		return Math.floor(this.now() / 1_000 + seconds);
	}

	private sign(path: string, query: string): string {
		return createHmac("sha256", this.key).update(`${path}\n${query}`).digest("base64url");
	}
}

const encoded = (path: string) => path.split("/").map(encodeURIComponent).join("/");

/** The names in a path; null where one of them could be understood in two ways. */
function decoded(path: string): string[] | null {
	try {
		const parts = path.split("/").map(decodeURIComponent);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it looks for.
		const isPlain = (part: string) => part !== "" && part !== "." && part !== ".." && !/[/\\\u0000-\u001f]/.test(part);
		return parts.every(isPlain) ? parts : null;
	} catch {
		return null;
	}
}

function isEqual(one: string, other: string): boolean {
	const [a, b] = [Buffer.from(one), Buffer.from(other)];
	return a.length === b.length && timingSafeEqual(a, b);
}
