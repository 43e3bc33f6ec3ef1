import { AppError } from "@atelier/core";
import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import type { Context } from "./context";
import { foreseen, RecordAway, toTrpcError, wordsFor } from "./errors";

const t = initTRPC.context<Context>().create({
	transformer: superjson,
	// Every failure passes here, those of subscriptions and of the context too.
	errorFormatter: ({ shape, error }) => {
		const { message, code, appCode } = wordsFor(error);
		const isRecordAway = foreseen(error.cause) instanceof RecordAway;
		return { ...shape, message, data: { ...shape.data, code, appCode, isRecordAway, stack: undefined } };
	},
	// A comment line every few seconds keeps a quiet subscription open through proxies.
	sse: { ping: { enabled: true, intervalMs: 3_000 }, client: { reconnectAfterInactivityMs: 10_000 } },
});

export const router = t.router;
export const createCaller = t.createCallerFactory;

const withAppErrors = t.middleware(async ({ next }) => {
	const result = await next();
	const known = result.ok ? null : foreseen(result.error.cause);
	if (known !== null) throw toTrpcError(known);
	return result;
});

/** Postgres keeps no NUL in a text: a request with one would end in the database's own words. */
const withoutNul = t.middleware(async ({ getRawInput, next }) => {
	if (holdsNul(await getRawInput())) {
		throw toTrpcError(new AppError("BAD_REQUEST", "A text holds the character NUL (U+0000): take it out."));
	}
	return next();
});

function holdsNul(value: unknown): boolean {
	if (typeof value === "string") return value.includes("\0");
	return typeof value === "object" && value !== null && Object.entries(value).flat().some(holdsNul);
}

/** For anyone who can reach the console; only what the sign-in page needs. */
export const publicProcedure = t.procedure.use(withAppErrors).use(withoutNul);

/** For people who are signed in and for the command line. Every procedure checks by itself: middleware is no boundary. */
export const procedure = publicProcedure.use(({ ctx, next }) => {
	if (ctx.user === null) {
		throw toTrpcError(new AppError("UNAUTHORIZED", "Sign in first: npx atelier sign-in prints a one-time link."));
	}
	return next({ ctx: { ...ctx, user: ctx.user } });
});
