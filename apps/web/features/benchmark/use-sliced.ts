import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { refreshTested } from "~/features/charts/computing-tests";
import { useTRPC } from "~/trpc/client";
import { type BenchmarkView, isSliced } from "./benchmark-view";
import type { SlicedAnswers } from "./slice-benchmark";

/** The figures of each dataset over the view's slice, at its K, against its reference; null where the stored ones serve. */
export function useSliced(datasets: readonly string[], view: BenchmarkView): SlicedAnswers | null {
	const trpc = useTRPC();
	const wanted = isSliced(view) ? datasets : [];
	const queries = useQueries({
		queries: wanted.map((dataset) => ({
			...trpc.results.sliced.queryOptions({
				...{ dataset, slice: view.slice, metrics: ["recall", "ndcg", "mrr"] },
				...(view.k !== null && { k: view.k }),
				...(view.reference !== "" && { reference: view.reference }),
			}),
			placeholderData: keepPreviousData,
			refetchInterval: refreshTested(false),
		})),
	});
	if (!isSliced(view)) return null;
	return new Map(
		wanted.map((dataset, place) => {
			const { data, error } = queries[place] ?? {};
			// What stands in while another choice is read may be of another dataset.
			const sliced = data?.dataset.name === dataset && !error ? data : undefined;
			return [dataset, { sliced, error: error?.message ?? null }];
		}),
	);
}
