/**
 * Every failure that a person can meet. Mapped once to tRPC codes (packages/api) and once to exit codes (here).
 * Messages say what was wrong, where, and what to do.
 */
export const APP_ERROR_CODES = [
	/** The request itself is wrong: an unknown name, a bad option. Exit code 2. */
	"BAD_REQUEST",
	/** What was handed over is wrong: a broken file, too many rejected rows. */
	"BAD_DATA",
	/** A name that stands for nothing. Exit code 2: on a command line it is a slip of the keyboard. */
	"NOT_FOUND",
	/** It is there already, or another state forbids it. */
	"CONFLICT",
	"UNAUTHORIZED",
	/** Something that is needed is not up yet: the worker, the trainer's environment, a model server. */
	"UNAVAILABLE",
	"CANCELLED",
	"INTERNAL",
] as const;
export type AppErrorCode = (typeof APP_ERROR_CODES)[number];

export class AppError extends Error {
	override readonly name = "AppError";
	constructor(
		readonly code: AppErrorCode,
		message: string,
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}

/** Exit code of the command line for an error code: 2 for bad usage (an unknown name too), 1 for everything else. */
export function exitCodeOf(code: AppErrorCode): 1 | 2 {
	return code === "BAD_REQUEST" || code === "NOT_FOUND" ? 2 : 1;
}

export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
