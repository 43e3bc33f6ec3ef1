"use client";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useTRPCClient } from "~/trpc/client";
import type { Recommendation } from "./inspector-types";
import { isChanged, type WhatIf } from "./inspector-view";

const POLL_MS = 1_000;

/** `live` was computed by the models just now; `lists` is another mixup of the stored lists, which needs no model. */
export type WhatIfAnswer =
	| { state: "starting" }
	| { state: "ready"; source: "live" | "lists"; recommendation: Recommendation };

/**
 * The recommendation under a what-if, kept as long as the page; asks again every second while the models load. A change
 * of N alone follows from the stored lists.
 */
export function useRecommendation(run: string, user: string, { query, drop, n }: WhatIf) {
	const client = useTRPCClient();
	const own = { run, user, n: n ?? undefined };
	const listsOnly = query === "" && drop.length === 0;
	const ask = async (signal: AbortSignal): Promise<WhatIfAnswer> => {
		if (listsOnly) {
			const { recommendation } = await client.inspector.get.query(own, { signal });
			if (recommendation === null) throw new Error("This method stores no lists.");
			return { state: "ready", source: "lists", recommendation };
		}
		const answer = await client.inspector.recommend.mutate({ ...own, query: query || undefined, drop }, { signal });
		return answer.state === "starting" ? answer : { ...answer, source: "live" };
	};
	return useQuery({
		queryKey: ["what-if", own, query, drop],
		queryFn: isChanged({ query, drop, n }) ? ({ signal }) => ask(signal) : skipToken,
		refetchInterval: ({ state }) => (state.data?.state === "starting" ? POLL_MS : false),
		staleTime: Number.POSITIVE_INFINITY,
		retry: false,
	});
}
