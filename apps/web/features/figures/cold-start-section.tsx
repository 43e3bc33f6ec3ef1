"use client";
import { cellsFigure, FIGURES, figureGrid, figureWarned, METRIC_TITLES } from "@atelier/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Snowflake } from "lucide-react";
import { refreshTested } from "~/features/charts/computing-tests";
import { MethodBars } from "~/features/charts/method-bars";
import { prepareBars, reachOf } from "~/features/charts/prepare-bars";
import { prepareTicks } from "~/features/charts/ticks";
import { MissingLinks } from "~/features/launch/missing-links";
import { useTRPC } from "~/trpc/client";
import { FigureSection } from "./figure-section";
import { REFRESH_MS, type SectionProps } from "./section-props";

/** Figure 4: only test shoppers whose purchase no training event holds. */
export function ColdStartSection({ datasets, metric }: SectionProps) {
	const trpc = useTRPC();
	const query = useQuery({
		...trpc.results.figure4.queryOptions({ datasets, comparisons: true }),
		placeholderData: keepPreviousData,
		refetchInterval: refreshTested(REFRESH_MS),
	});
	const panels = (query.data?.datasets ?? []).map((panel) => ({ ...panel, points: prepareBars(panel.cells, metric) }));
	const measured = panels.filter(({ points }) => points.length > 0);
	const ticks = prepareTicks(reachOf(measured.flatMap(({ points }) => points)));
	return (
		<FigureSection
			figure={4}
			icon={Snowflake}
			title="Cold start"
			description="Test shoppers whose purchase no training event holds. Methods that know items by id alone get a trained cold token, as in the paper."
			state={query.data ? (measured.length > 0 ? "ready" : "empty") : "loading"}
			cells={panels.flatMap(({ cells }) => cells)}
			error={query.error?.message}
			onRetry={() => void query.refetch()}
			emptyText="A bar a method with its interval, for every dataset, stands here as soon as a run in the cold-start setting succeeds."
			datasets={datasets}
			missing={
				<MissingLinks
					suite="figure4"
					missing={panels.map(({ missing }) => missing)}
					countOf={({ methods }) => methods.length}
					noun="method"
				/>
			}
			grids={() => [figureGrid(cellsFigure(FIGURES[4].title, measured))]}
			warned={figureWarned(cellsFigure(FIGURES[4].title, measured).rows)}
		>
			{measured.map((panel) => (
				<MethodBars
					key={panel.name}
					title={`${METRIC_TITLES[metric]} on ${panel.name}`}
					name={`figure4-${panel.name}-${metric}`}
					metric={metric}
					points={panel.points}
					ticks={ticks}
					tests={(query.data?.comparisons ?? []).filter(({ dataset }) => dataset === panel.name)}
					labels={panel}
				/>
			))}
		</FigureSection>
	);
}
