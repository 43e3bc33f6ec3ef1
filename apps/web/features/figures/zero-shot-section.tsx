"use client";
import { cellsFigure, FIGURES, figureGrid, figureWarned, METRIC_TITLES } from "@atelier/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Shuffle } from "lucide-react";
import { refreshTested } from "~/features/charts/computing-tests";
import { MethodBars } from "~/features/charts/method-bars";
import { prepareBars, reachOf } from "~/features/charts/prepare-bars";
import { prepareTicks } from "~/features/charts/ticks";
import { MissingLinks } from "~/features/launch/missing-links";
import { useTRPC } from "~/trpc/client";
import { FigureSection } from "./figure-section";
import { REFRESH_MS, type SectionProps } from "./section-props";

/** Figure 5: trained on one dataset, tested on another without fine-tuning. */
export function ZeroShotSection({ datasets, metric }: SectionProps) {
	const trpc = useTRPC();
	const query = useQuery({
		...trpc.results.figure5.queryOptions({ datasets, comparisons: true }),
		placeholderData: keepPreviousData,
		refetchInterval: refreshTested(REFRESH_MS),
	});
	const panels = (query.data?.pairs ?? []).map((panel) => ({ ...panel, points: prepareBars(panel.cells, metric) }));
	const measured = panels.filter(({ points }) => points.length > 0);
	const ticks = prepareTicks(reachOf(measured.flatMap(({ points }) => points)));
	return (
		<FigureSection
			figure={5}
			icon={Shuffle}
			title="Zero-shot"
			description="Trained on one category and tested on another without fine-tuning. Methods that know items by id alone cannot take part."
			state={query.data ? (measured.length > 0 ? "ready" : "empty") : "loading"}
			cells={panels.flatMap(({ cells }) => cells)}
			error={query.error?.message}
			onRetry={() => void query.refetch()}
			emptyText="Recformer and ours stand here for every pair of categories: footwear for the three others, luggage and bags for footwear."
			datasets={datasets}
			missing={
				<MissingLinks
					suite="figure5"
					missing={panels.map(({ missing }) => missing)}
					countOf={({ methods }) => methods.length}
					noun="method"
				/>
			}
			grids={() => [figureGrid(cellsFigure(FIGURES[5].title, measured))]}
			warned={figureWarned(cellsFigure(FIGURES[5].title, measured).rows)}
		>
			{measured.map((panel) => (
				<MethodBars
					key={`${panel.source} ${panel.name}`}
					title={`${METRIC_TITLES[metric]}: ${panel.source} → ${panel.name}`}
					name={`figure5-${panel.source}-${panel.name}-${metric}`}
					metric={metric}
					points={panel.points}
					ticks={ticks}
					tests={(query.data?.comparisons ?? []).filter(
						({ dataset }) => dataset === `${panel.name} from ${panel.source}`,
					)}
					labels={panel}
				/>
			))}
		</FigureSection>
	);
}
