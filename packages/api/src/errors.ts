import { randomBytes } from "node:crypto";
import { AppError, type AppErrorCode } from "@atelier/core";
import { isPassing } from "@atelier/db";
import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";

/** The one place where our codes become tRPC's. */
const TRPC_CODES: Record<AppErrorCode, TRPCError["code"]> = {
	BAD_REQUEST: "BAD_REQUEST",
	BAD_DATA: "UNPROCESSABLE_CONTENT",
	NOT_FOUND: "NOT_FOUND",
	CONFLICT: "CONFLICT",
	UNAUTHORIZED: "UNAUTHORIZED",
	UNAVAILABLE: "SERVICE_UNAVAILABLE",
	CANCELLED: "CLIENT_CLOSED_REQUEST",
	INTERNAL: "INTERNAL_SERVER_ERROR",
};

/** Of an answer that is no procedure's. */
export function statusOf(code: AppErrorCode): number {
	return getHTTPStatusCodeFromError(new TRPCError({ code: TRPC_CODES[code] }));
}

export function toTrpcError(error: AppError): TRPCError {
	return new TRPCError({ code: TRPC_CODES[error.code], message: error.message, cause: error });
}

/** Postgres does not answer. `npm start` starts it again within seconds, so asking again helps. */
export class RecordAway extends AppError {
	constructor(cause: unknown) {
		super("UNAVAILABLE", "The record is restarting. Nothing is lost; try again in a few seconds.", { cause });
	}
}

/** A failure that has words for people: ours, and the absence of the record; null for what nobody foresaw. */
export function foreseen(error: unknown): AppError | null {
	if (error instanceof AppError) return error;
	return isPassing(error) === "unavailable" ? new RecordAway(error) : null;
}

const logIds = new WeakMap<object, string>();

/** Under which the console's log has a failure that nobody foresaw; the same each time it is asked. */
export function logIdOf(error: TRPCError): string {
	const about = error.cause ?? error;
	const id = logIds.get(about) ?? randomBytes(4).toString("hex");
	logIds.set(about, id);
	return id;
}

/**
 * What a person is told. The words of libraries (hosts, queries, stacks) stay in the log: they help nobody who reads a
 * page, and tell a stranger how the machine is laid out.
 */
export function wordsFor(error: TRPCError): { message: string; code: TRPCError["code"]; appCode: AppErrorCode | null } {
	const known = foreseen(error.cause);
	if (known !== null) return { message: known.message, code: TRPC_CODES[known.code], appCode: known.code };
	if (error.code !== "INTERNAL_SERVER_ERROR") return { message: error.message, code: error.code, appCode: null };
	const message = `The console met an error that is none of yours. Its log has it under ${logIdOf(error)}.`;
	return { message, code: error.code, appCode: "INTERNAL" };
}
