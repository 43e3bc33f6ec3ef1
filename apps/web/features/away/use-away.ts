"use client";
import { type QueryCache, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import { whoIsAway } from "./who-is-away";

/** Which part does not run, as far as the requests of this page tell: asked of those that are tried again just now. */
export function useAway(): "record" | "console" | null {
	const cache = useQueryClient().getQueryCache();
	const subscribe = useCallback((onChange: () => void) => cache.subscribe(onChange), [cache]);
	return useSyncExternalStore(
		subscribe,
		() => awayIn(cache),
		() => null,
	);
}

function awayIn(cache: QueryCache): "record" | "console" | null {
	for (const { state } of cache.getAll()) {
		const away = state.fetchStatus === "idle" ? null : whoIsAway(state.fetchFailureReason);
		if (away !== null) return away;
	}
	return null;
}
