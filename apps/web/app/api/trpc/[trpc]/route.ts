import { appRouter, createContext } from "@atelier/api";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { services } from "~/trpc/services";

export const dynamic = "force-dynamic";

async function handler(request: Request) {
	const ready = await services();
	return fetchRequestHandler({
		endpoint: "/api/trpc",
		req: request,
		router: appRouter,
		createContext: () => createContext(ready, request.headers),
		onError: ({ error, path }) => {
			if (error.code === "INTERNAL_SERVER_ERROR") console.error(`${path ?? "unknown procedure"}:`, error);
		},
	});
}

export { handler as GET, handler as POST };
