"use client";
import { keepPreviousData, skipToken, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTRPC } from "~/trpc/client";
import { filterOf, orderOf, type RunsView } from "./runs-view";

const PAGE = 100;
/** Parameters that differ are shown by themselves up to here: more would push out the figures. */
const SHOWN = 6;
const LIVE_MS = 2_000;
const STILL_MS = 15_000;

/** What the runs of a view can be shown by, and what they are shown by now. */
export function useRunColumns(view: RunsView) {
	const trpc = useTRPC();
	const offered = useQuery({
		...trpc.runs.columns.queryOptions(filterOf(view)),
		placeholderData: keepPreviousData,
		staleTime: 60_000,
	});
	const differing = offered.data?.parameters.filter(({ differs }) => differs).map(({ name }) => name) ?? [];
	return { offered: offered.data, shown: view.columns ?? differing.slice(0, SHOWN) };
}

/** The runs of a view, page by page. They are read again when something changed, which a small answer tells. */
export function useRuns(view: RunsView, columns: readonly string[]) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const isGrouped = view.group.length > 0;
	const input = { ...filterOf(view), sort: orderOf(view), columns: [...columns], limit: PAGE };
	const runs = useInfiniteQuery({
		...trpc.runs.list.infiniteQueryOptions(isGrouped ? skipToken : input, {
			getNextPageParam: (page) => page.nextCursor,
		}),
		placeholderData: keepPreviousData,
	});
	const revision = useQuery({
		...trpc.runs.revision.queryOptions(),
		refetchInterval: ({ state }) => (state.data?.isLive ? LIVE_MS : STILL_MS),
	}).data?.revision;
	const seen = useRef(revision);
	useEffect(() => {
		const isFirst = seen.current === undefined;
		if (revision === undefined || revision === seen.current) return;
		seen.current = revision;
		if (isFirst) return;
		void queryClient.invalidateQueries(trpc.runs.list.pathFilter());
		void queryClient.invalidateQueries(trpc.runs.groups.pathFilter());
	}, [revision, queryClient, trpc]);
	return runs;
}
