"use client";
import { curvesFigure, FIGURES, figureGrid, figureWarned, METRIC_TITLES } from "@atelier/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { TrendingUp } from "lucide-react";
import { prepareTicks } from "~/features/charts/ticks";
import { MissingLinks } from "~/features/launch/missing-links";
import { useTRPC } from "~/trpc/client";
import { FigureSection } from "./figure-section";
import { MethodLines } from "./method-lines";
import { prepareLines, reachOfLines } from "./prepare-lines";
import { REFRESH_MS, type SectionProps } from "./section-props";

/** Figure 6: trained on a share of the training sequences. */
export function LowResourceSection({ datasets, metric }: SectionProps) {
	const trpc = useTRPC();
	const query = useQuery({
		...trpc.results.figure6.queryOptions({ datasets }),
		placeholderData: keepPreviousData,
		refetchInterval: REFRESH_MS,
	});
	const panels = (query.data?.datasets ?? []).map((panel) => ({ ...panel, lines: prepareLines(panel, metric) }));
	const measured = panels.filter(({ lines }) => lines.length > 0);
	const ticks = prepareTicks(reachOfLines(measured.flatMap(({ lines }) => lines)));
	return (
		<FigureSection
			figure={6}
			icon={TrendingUp}
			title="Low resource"
			description="Trained on a seeded share of the training sequences and tested on the same shoppers. Bands are 95 % intervals over shoppers, or one deviation over seeds."
			state={query.data ? (measured.length > 0 ? "ready" : "empty") : "loading"}
			cells={panels.flatMap(({ curves }) => curves.flatMap(({ points }) => points))}
			error={query.error?.message}
			onRetry={() => void query.refetch()}
			emptyText="A learning curve for CORE, Recformer and ours over 10, 25, 50, 75 and 100 % of the training sequences."
			datasets={datasets}
			missing={
				<MissingLinks
					suite="figure6"
					missing={panels.map(({ missing }) => missing)}
					countOf={({ settings }) => settings.length}
					noun="share"
				/>
			}
			grids={() => [figureGrid(curvesFigure(FIGURES[6].title, measured))]}
			warned={figureWarned(curvesFigure(FIGURES[6].title, measured).rows)}
		>
			{measured.map((panel) => (
				<MethodLines
					key={panel.name}
					title={`${METRIC_TITLES[metric]} on ${panel.name}`}
					name={`figure6-${panel.name}-${metric}`}
					metric={metric}
					lines={panel.lines}
					ticks={ticks}
					labels={panel}
				/>
			))}
		</FigureSection>
	);
}
