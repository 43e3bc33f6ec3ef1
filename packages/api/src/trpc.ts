import { AppError } from "@atelier/core";
import { initTRPC } from "@trpc/server";
import superjson from "superjson";
import type { Context } from "./context";
import { appErrorOf, toTrpcError } from "./errors";

const t = initTRPC.context<Context>().create({
	transformer: superjson,
	errorFormatter: ({ shape, error }) => ({
		...shape,
		data: { ...shape.data, appCode: appErrorOf(error)?.code ?? null, stack: undefined },
	}),
	// A comment line every few seconds keeps a quiet subscription open through proxies.
	sse: { ping: { enabled: true, intervalMs: 3_000 }, client: { reconnectAfterInactivityMs: 10_000 } },
});

export const router = t.router;
export const createCaller = t.createCallerFactory;

const withAppErrors = t.middleware(async ({ next }) => {
	const result = await next();
	if (!result.ok && result.error.cause instanceof AppError) throw toTrpcError(result.error.cause);
	return result;
});

/** For anyone who can reach the console; only what the sign-in page needs. */
export const publicProcedure = t.procedure.use(withAppErrors);

/** For people who are signed in and for the command line. Every procedure checks by itself: middleware is no boundary. */
export const procedure = publicProcedure.use(({ ctx, next }) => {
	if (ctx.user === null) {
		throw toTrpcError(new AppError("UNAUTHORIZED", "Sign in first: npx atelier sign-in prints a one-time link."));
	}
	return next({ ctx: { ...ctx, user: ctx.user } });
});
