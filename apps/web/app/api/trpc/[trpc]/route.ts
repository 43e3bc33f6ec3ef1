import { appRouter, boundedRequest, createContext, foreseen, logIdOf, RecordAway } from "@atelier/api";
import { explain } from "@atelier/core";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { services } from "~/trpc/services";

export const dynamic = "force-dynamic";

/** More calls than any page makes at once. */
const MOST_CALLS = 50;

async function handler(asked: Request) {
	const request = await boundedRequest(asked);
	if (request instanceof Response) return request;
	return fetchRequestHandler({
		endpoint: "/api/trpc",
		req: request,
		maxBatchSize: MOST_CALLS,
		router: appRouter,
		createContext: async () => createContext(await services(), request.headers),
		onError: ({ error, path }) => {
			const known = foreseen(error.cause);
			if (known instanceof RecordAway) console.error(`${path ?? "unknown procedure"}: ${explain(known)}`);
			else if (known === null && error.code === "INTERNAL_SERVER_ERROR")
				console.error(`${logIdOf(error)} ${path ?? "unknown procedure"}:`, error.cause ?? error);
		},
	});
}

export { handler as GET, handler as POST };
