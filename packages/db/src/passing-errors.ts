/** SQLSTATEs of transactions that had to give way to another: serialization failure, deadlock. */
const CONFLICTS = ["40001", "40P01", "P2034"];
/**
 * Beginnings of SQLSTATEs that speak of the server, not of what was asked: connections (08), resources such as a full
 * disk (53), operators such as a shutdown (57), the file system (58).
 */
const SERVER = ["08", "53", "57", "58"];
/** What Node and Prisma call a connection that could not be had or was lost, or a transaction that was closed with it. */
const CONNECTION = [
	"ECONNREFUSED",
	"ECONNRESET",
	"EPIPE",
	"ETIMEDOUT",
	"ENOTFOUND",
	"P1001",
	"P1002",
	"P1008",
	"P1017",
	"P2024",
	"P2028",
];
/** node-postgres and Prisma's adapter give these no code. */
const CONNECTION_MESSAGE =
	/connection terminated|terminating connection|can't reach database|server closed the connection|connection ended unexpectedly|timeout exceeded when trying to connect|the database system is|connection error and is not queryable/i;

/**
 * Whether an error of the record may be gone the next time, without anything having been changed: `conflict` for a
 * transaction that met another, `unavailable` for a server that could not be used. Null for any other.
 */
export function isPassing(error: unknown): "conflict" | "unavailable" | null {
	const seen = new Set<unknown>();
	const isKnown = (value: unknown): "conflict" | "unavailable" | null => {
		if (typeof value !== "object" || value === null || seen.has(value)) return null;
		seen.add(value);
		const codes = ["code", "originalCode"].flatMap((name) => {
			const code: unknown = Reflect.get(value, name);
			return typeof code === "string" ? [code] : [];
		});
		if (codes.some((code) => CONFLICTS.includes(code))) return "conflict";
		if (codes.some((code) => CONNECTION.includes(code) || (code.length === 5 && SERVER.includes(code.slice(0, 2))))) {
			return "unavailable";
		}
		const message: unknown = Reflect.get(value, "message");
		if (typeof message === "string" && CONNECTION_MESSAGE.test(message)) return "unavailable";
		// Prisma keeps Postgres's own error inside its own, Node several attempts at one connection.
		for (const name of ["cause", "meta", "driverAdapterError", "errors"]) {
			const inner: unknown = Reflect.get(value, name);
			for (const one of Array.isArray(inner) ? inner : [inner]) {
				const found = isKnown(one);
				if (found) return found;
			}
		}
		return null;
	};
	return isKnown(error);
}
