"use client";
import type { AppRouter } from "@atelier/api";
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink, TRPCClientError } from "@trpc/client";
import type { inferRouterOutputs } from "@trpc/server";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import superjson from "superjson";
import { whoIsAway } from "~/features/away/who-is-away";

const context = createTRPCContext<AppRouter>();
export const useTRPC = context.useTRPC;
/** Calls without a hook's cache around them, for queries over mutations. */
export const useTRPCClient = context.useTRPCClient;
export type Outputs = inferRouterOutputs<AppRouter>;

const URL = "/api/trpc";

/** While the record or the console is away. */
const AGAIN_MS = 1_000;

function codeOf(error: unknown): string | null {
	return error instanceof TRPCClientError ? (error.data?.code ?? null) : null;
}

/** Someone whose session ended is sent to sign in and comes back to the same page. */
function onError(error: unknown) {
	if (codeOf(error) === "UNAUTHORIZED") window.location.assign("/sign-in?ended=1");
}

/** Answers that asking again cannot change. */
const FINAL = new Set(["BAD_REQUEST", "NOT_FOUND", "CONFLICT", "UNAUTHORIZED", "UNPROCESSABLE_CONTENT"]);

function createQueryClient() {
	return new QueryClient({
		queryCache: new QueryCache({ onError }),
		mutationCache: new MutationCache({ onError }),
		defaultOptions: {
			queries: {
				staleTime: 5_000,
				// What is away comes back by itself: the page says so meanwhile and fills when it does.
				retry: (failures, error) => whoIsAway(error) !== null || (failures < 2 && !FINAL.has(codeOf(error) ?? "")),
				retryDelay: (failures, error) => (whoIsAway(error) === null ? 1_000 * 2 ** failures : AGAIN_MS),
			},
		},
	});
}

export function ApiProvider({ children }: { children: ReactNode }) {
	const [queryClient] = useState(createQueryClient);
	const [client] = useState(() =>
		createTRPCClient<AppRouter>({
			links: [
				splitLink({
					condition: (operation) => operation.type === "subscription",
					true: httpSubscriptionLink({ url: URL, transformer: superjson }),
					false: httpBatchLink({ url: URL, transformer: superjson, maxURLLength: 8_000 }),
				}),
			],
		}),
	);
	return (
		<QueryClientProvider client={queryClient}>
			<context.TRPCProvider trpcClient={client} queryClient={queryClient}>
				{children}
			</context.TRPCProvider>
		</QueryClientProvider>
	);
}
