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
	const answer = await fetchRequestHandler({
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
	return compressed(request, answer);
}

/** Answers are a tenth as long so. Next compresses pages and files, but not these; events go out as they come. */
function compressed(request: Request, answer: Response): Response {
	const isJson = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
	const isWanted = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
	if (!isJson || !isWanted || answer.body === null) return answer;
	const headers = new Headers(answer.headers);
	headers.set("content-encoding", "gzip");
	headers.append("vary", "accept-encoding");
	headers.delete("content-length");
	const { status, statusText } = answer;
	return new Response(answer.body.pipeThrough(new CompressionStream("gzip")), { status, statusText, headers });
}

export { handler as GET, handler as POST };
