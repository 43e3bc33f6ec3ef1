import type { CellUnderWay, Grid, Warned } from "@atelier/core";
import { Button, EmptyState, ErrorState, PanelSkeleton } from "@atelier/ui";
import { LoaderCircle, type LucideIcon, Rocket } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { GridMenu } from "~/features/exports/grid-menu";
import { FindingsPanel } from "~/features/findings/findings-panel";
import type { FindingSource } from "~/features/findings/prepare-findings";
import { launchHref } from "~/features/launch/launch-view";
import { UnderWayNote } from "~/features/under-way/under-way-note";
import { WarningNotes } from "~/features/warnings/warning-notes";

export interface FigureSectionProps {
	/** 4, 5 or 6: of the paper. */
	figure: 4 | 5 | 6;
	icon: LucideIcon;
	title: string;
	/** What is measured, in a sentence. */
	description: ReactNode;
	state: "loading" | "empty" | "ready";
	/** Its points, for what is under way among them. */
	cells: readonly { underWay: CellUnderWay | null }[];
	error?: string;
	onRetry: () => void;
	/** What stands here once it was measured. */
	emptyText: string;
	datasets: string[];
	/** Links to launches of what the figure lacks. */
	missing: ReactNode;
	/** The figure as a table. */
	grids: () => Grid[];
	/** What its points warn of. */
	warned: readonly Warned[];
	children: ReactNode;
}

/** One figure of the paper: its charts, and beside them what the paper finds in it. */
export function FigureSection(props: FigureSectionProps) {
	const { figure, icon, title, description, state, error, onRetry, emptyText, datasets, missing, grids, warned } =
		props;
	const source: FindingSource = `figure-${figure}`;
	const suite = `figure${figure}`;
	const isUnderWay = props.cells.some(({ underWay }) => underWay !== null);
	const isLoading = state === "loading" && error === undefined;
	return (
		<section aria-labelledby={suite} aria-busy={isLoading}>
			<div className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
				<div className="min-w-0">
					<h2 id={suite} className="scroll-mt-20 text-base font-semibold">
						{title} <span className="ml-1 text-sm font-normal text-ink-faint">Figure {figure}</span>
					</h2>
					<p className="max-w-3xl text-sm text-ink-muted">{description}</p>
				</div>
				{state === "ready" ? <GridMenu name={suite} grids={grids} /> : null}
			</div>
			{error !== undefined ? (
				<ErrorState
					title={`Figure ${figure} could not be read.`}
					message={error}
					kept="Nothing was changed."
					actions={<Button onClick={onRetry}>Try again</Button>}
				/>
			) : null}
			{isLoading ? <PanelSkeleton lines={6} className="h-64" /> : null}
			{state === "empty" && isUnderWay ? (
				<EmptyState icon={LoaderCircle} title="Under way" className="py-10">
					<UnderWayNote cells={props.cells} noun="point" className="justify-center" />
					<p>{emptyText}</p>
				</EmptyState>
			) : null}
			{state === "empty" && !isUnderWay ? (
				<EmptyState
					icon={icon}
					title="Nothing measured in this setting yet"
					className="py-10"
					action={
						<Button asChild>
							<Link href={launchHref({ suite, datasets })}>
								<Rocket /> Plan Figure {figure}
							</Link>
						</Button>
					}
				>
					{emptyText}
				</EmptyState>
			) : null}
			{state === "ready" ? (
				<div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 xl:grid-cols-[minmax(0,1fr)_24rem]">
					<div className="min-w-0 space-y-5">
						<div className="grid min-w-0 gap-8 md:grid-cols-2">{props.children}</div>
						<UnderWayNote cells={props.cells} noun="point" />
						<WarningNotes cells={warned} />
						<div className="flex flex-wrap gap-2">{missing}</div>
					</div>
					<FindingsPanel sources={[source]} datasets={datasets} />
				</div>
			) : null}
		</section>
	);
}
