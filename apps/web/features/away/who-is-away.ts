import { TRPCClientError } from "@trpc/client";

/**
 * Which part a request failed for because it does not run just now: the record (Postgres), or the console itself, of
 * which nothing came back that it had written. Null for every other failure.
 */
export function whoIsAway(error: unknown): "record" | "console" | null {
	if (!(error instanceof TRPCClientError)) return null;
	const data: unknown = error.data;
	if (typeof data !== "object" || data === null) return isAborted(error) ? null : "console";
	return "isRecordAway" in data && data.isRecordAway === true ? "record" : null;
}

/** A page that is left ends its requests. */
function isAborted(error: TRPCClientError<never>): boolean {
	return error.cause?.name === "AbortError";
}
