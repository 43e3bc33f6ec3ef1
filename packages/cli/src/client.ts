import type { AppRouter } from "@atelier/api";
import { APP_ERROR_CODES, AppError } from "@atelier/core";
import { createTRPCClient, httpBatchLink, isTRPCClientError } from "@trpc/client";
import superjson from "superjson";
import { z } from "zod";
import { readEnv } from "./env";

/** A typed client of the running console, made on first use so that `--help` needs none. */
export function connect() {
	const { url, token } = readEnv();
	return createTRPCClient<AppRouter>({
		links: [
			httpBatchLink({ url: `${url}/api/trpc`, transformer: superjson, headers: { authorization: `Bearer ${token}` } }),
		],
	});
}
export type Client = ReturnType<typeof connect>;

const appCode = z.object({ appCode: z.enum(APP_ERROR_CODES) });

/** Whatever a command threw, as our own error: what the console said, or that it could not be reached. */
export function toAppError(error: unknown): AppError {
	if (error instanceof AppError) return error;
	if (!isTRPCClientError<AppRouter>(error)) {
		return new AppError("INTERNAL", error instanceof Error ? error.message : String(error), { cause: error });
	}
	const known = appCode.safeParse(error.data);
	if (known.success) return new AppError(known.data.appCode, error.message);
	if (error.data?.code === "BAD_REQUEST") return new AppError("BAD_REQUEST", inputProblem(error.message));
	if (error.data === undefined || error.data === null) {
		return new AppError("UNAVAILABLE", `The console does not answer (${error.message}). Is npm start running?`, {
			cause: error,
		});
	}
	return new AppError("INTERNAL", error.message, { cause: error });
}

/** zod's issues, which tRPC puts into the message as JSON, as one sentence. */
function inputProblem(message: string): string {
	const issues = z.array(z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }));
	try {
		return issues
			.parse(JSON.parse(message))
			.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`)
			.join("; ");
	} catch {
		return message;
	}
}
