import type { AppRouter } from "@atelier/api";
import { createTRPCClient, httpLink } from "@trpc/client";
import superjson from "superjson";

/** The console's procedures, as the command line calls them. */
export function consoleClient({ url, token }: { url: string; token: string }) {
	return createTRPCClient<AppRouter>({
		links: [
			httpLink({ url: `${url}/api/trpc`, transformer: superjson, headers: { authorization: `Bearer ${token}` } }),
		],
	});
}
export type ConsoleClient = ReturnType<typeof consoleClient>;
