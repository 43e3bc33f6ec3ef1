"use client";
import { usePathname, useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";

/** A page's view state as a pure pair: `parse(new URLSearchParams(serialise(state)))` gives the state back. */
export interface UrlStateCodec<State> {
	parse: (params: URLSearchParams) => State;
	serialise: (state: State) => URLSearchParams;
}

/**
 * View state that lives in the URL, so that every view is a link.
 *
 * @param codec keep it outside the component: its identity decides when the state is parsed again
 * @returns the state and a function that changes part of it. `push` makes a step in the browser's history (a choice
 * that Back should undo); without it the entry is replaced (typing, sorting).
 */
export function useUrlState<State extends object>(
	codec: UrlStateCodec<State>,
): [State, (change: Partial<State>, options?: { push?: boolean }) => void] {
	const pathname = usePathname();
	const params = useSearchParams();
	const state = useMemo(() => codec.parse(new URLSearchParams(params)), [codec, params]);
	const update = useCallback(
		(change: Partial<State>, options: { push?: boolean } = {}) => {
			// Read from the address bar, so that two changes in one tick do not undo each other.
			const current = codec.parse(new URLSearchParams(window.location.search));
			const query = codec.serialise({ ...current, ...change }).toString();
			const url = query ? `${pathname}?${query}` : pathname;
			// Next follows the History API and re-renders useSearchParams without a round trip to the server.
			if (options.push) window.history.pushState(null, "", url);
			else window.history.replaceState(null, "", url);
		},
		[codec, pathname],
	);
	return [state, update];
}
