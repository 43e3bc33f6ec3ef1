import { AppError, type AppErrorCode } from "@atelier/core";
import { TRPCError } from "@trpc/server";

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

export function toTrpcError(error: AppError): TRPCError {
	return new TRPCError({ code: TRPC_CODES[error.code], message: error.message, cause: error });
}

/** The `AppError` behind a failed procedure, if it was one. */
export function appErrorOf(error: TRPCError): AppError | null {
	return error.cause instanceof AppError ? error.cause : null;
}
