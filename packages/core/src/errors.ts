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

/** What an error says, whatever was thrown: libraries throw plain objects, and several errors as one without words. */
export function messageOf(error: unknown): string {
	if (typeof error !== "object" || error === null) return String(error);
	const message = textOf(error, "message");
	if (message !== null) return message;
	const several = innerErrors(error);
	if (several.length > 0) return several.map(messageOf).join("; ");
	return error instanceof Error ? error.name : plainText(error);
}

/** The same with its code and with what caused it, for a log. */
export function explain(error: unknown): string {
	const parts: string[] = [];
	const seen = new Set<unknown>();
	for (let at: unknown = error; at !== undefined && at !== null && !seen.has(at); ) {
		seen.add(at);
		const code = typeof at === "object" ? textOf(at, "code") : null;
		// Prisma begins and breaks its messages with empty lines.
		const part = `${messageOf(at)
			.trim()
			.replace(/\s*\n\s*/g, " ")}${code === null ? "" : ` [${code}]`}`;
		if (!parts.includes(part)) parts.push(part);
		at = typeof at === "object" ? (Reflect.get(at, "cause") ?? innerErrors(at)[0]) : undefined;
	}
	return parts.join("; caused by: ");
}

function textOf(error: object, name: string): string | null {
	const value: unknown = Reflect.get(error, name);
	return typeof value === "string" && value !== "" ? value : null;
}

function innerErrors(error: object): unknown[] {
	const errors: unknown = Reflect.get(error, "errors");
	return Array.isArray(errors) ? errors : [];
}

function plainText(value: object): string {
	try {
		return JSON.stringify(value);
	} catch {
		// It holds itself.
		return `an object with ${Object.keys(value).join(", ")}`;
	}
}
