"use client";
import { letterOf } from "@atelier/core";
import {
	Badge,
	CellBar,
	cn,
	formatCount,
	formatDelta,
	formatMetric,
	formatP,
	IconButton,
	Missing,
	Table,
	TableFrame,
	Td,
	Th,
	Tr,
} from "@atelier/ui";
import { Flag, X } from "lucide-react";
import Link from "next/link";
import { shortId } from "~/features/frame/navigation";
import { MethodChip, methodColour, runName, settingTitle } from "~/features/methods";
import { WarningMark } from "~/features/warnings/warning-mark";
import { METRIC_KINDS, type MetricKind } from "./compare-view";
import { DifferenceBar } from "./difference-bar";
import { LetterBadge } from "./letter-badge";
import { type CompareRow, metricTitle, reachOfDifferences } from "./prepare-compare";

export interface CompareTableProps {
	rows: readonly CompareRow[];
	metric: MetricKind;
	k: number;
	/** Why there are no tests; null where there are, or will be. */
	refused: string | null;
	onReference: (id: string) => void;
	onRemove: (id: string) => void;
}

/** The compared runs: figures, and how each differs from the reference in the chosen metric. */
export function CompareTable({ rows, metric, k, refused, onReference, onRemove }: CompareTableProps) {
	const reach = reachOfDifferences(rows);
	const most = (kind: MetricKind) => Math.max(0, ...rows.map(({ values }) => values[kind]?.high ?? 0));
	const title = metricTitle(metric, k);
	return (
		<TableFrame label="Compared runs">
			<Table>
				<thead>
					<tr>
						<Th pinned>Run</Th>
						{METRIC_KINDS.map((kind) => (
							<Th key={kind} numeric className={kind === metric ? "text-ink" : undefined}>
								{metricTitle(kind, k)}
							</Th>
						))}
						<Th numeric className="border-l" title="The run minus A, shopper by shopper">
							Δ {title} to A
						</Th>
						<Th numeric title="95 % bootstrap interval of the difference over shoppers">
							95 % interval
						</Th>
						<Th numeric title="After Holm's correction over all runs and metrics of this page">
							p
						</Th>
						<Th numeric title="Shoppers whom the run serves better than A, equally, worse">
							Won / tied / lost
						</Th>
						<Th>
							<span className="sr-only">Actions</span>
						</Th>
					</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<Tr key={row.run.id}>
							<Td pinned className="h-14">
								<RunCell row={row} />
							</Td>
							{METRIC_KINDS.map((kind) => (
								<Td key={kind} numeric>
									<Figure row={row} kind={kind} max={most(kind)} />
								</Td>
							))}
							<DifferenceCells row={row} reach={reach} refused={refused} />
							<Td className="whitespace-nowrap">
								<span className="flex justify-end gap-0.5">
									{row.place === 0 ? null : (
										<IconButton
											size="sm"
											label={`Make ${letterOf(row.place)} the reference`}
											onClick={() => onReference(row.run.id)}
										>
											<Flag />
										</IconButton>
									)}
									<IconButton size="sm" label={`Take ${letterOf(row.place)} out`} onClick={() => onRemove(row.run.id)}>
										<X />
									</IconButton>
								</span>
							</Td>
						</Tr>
					))}
				</tbody>
			</Table>
		</TableFrame>
	);
}

function RunCell({ row: { place, run } }: { row: CompareRow }) {
	return (
		<span className="flex items-center gap-2.5">
			<LetterBadge place={place} />
			<span className="flex max-w-56 min-w-0 flex-col sm:max-w-80">
				<span className="flex min-w-0 items-center gap-1.5">
					<MethodChip method={run.method} variant={run.variant} className="min-w-0 truncate" />
					{place === 0 ? <Badge>reference</Badge> : null}
					<WarningMark warnings={run.warnings} />
				</span>
				<span className="truncate text-xs text-ink-faint">
					{[...(run.setting === "full" ? [] : [settingTitle(run.setting)]), `seed ${run.seed}`, run.preset].join(" · ")}
					{" · "}
					<Link
						href={`/runs/${run.id}`}
						title={`${runName(run)} on ${run.dataset}`}
						className="font-mono hover:text-accent-strong hover:underline"
					>
						{shortId(run.id)}
					</Link>
				</span>
			</span>
		</span>
	);
}

function Figure({ row: { values, run }, kind, max }: { row: CompareRow; kind: MetricKind; max: number }) {
	const value = values[kind];
	if (value === null) return <Missing reason="Not measured." />;
	const { low, high, place } = value;
	return (
		<span
			title={`95 % interval ${formatMetric(low)} to ${formatMetric(high)}`}
			className="inline-flex items-center gap-2"
		>
			<CellBar
				value={value.value}
				max={max}
				low={low}
				high={high}
				colour={methodColour(run.method)}
				className="hidden w-12 lg:block"
			/>
			<span className={cn(place === 1 && "font-semibold", place === 2 && "underline underline-offset-3")}>
				{formatMetric(value.value)}
			</span>
		</span>
	);
}

interface DifferenceCellsProps {
	row: CompareRow;
	reach: number;
	refused: string | null;
}

function DifferenceCells({ row: { place, difference }, reach, refused }: DifferenceCellsProps) {
	if (difference === null) {
		return (
			<Td colSpan={4} className="border-l text-right text-xs text-ink-faint">
				{place === 0 ? "the others are compared with it" : refused === null ? "being tested" : "not tested"}
			</Td>
		);
	}
	const { value, low, high, adjustedP, wins, ties, losses } = difference;
	const isSettled = adjustedP <= 0.05;
	return (
		<>
			<Td numeric className="border-l">
				<span className="inline-flex items-center gap-2.5">
					<DifferenceBar {...{ value, low, high, reach, isSettled }} className="hidden lg:block" />
					<span className={isSettled ? "font-semibold" : undefined}>{formatDelta(value)}</span>
				</span>
			</Td>
			<Td numeric className="whitespace-nowrap text-ink-muted">
				{formatDelta(low)} to {formatDelta(high)}
			</Td>
			<Td numeric className="whitespace-nowrap">
				{formatP(adjustedP).replace(/^p (?=\d)/, "")}
			</Td>
			<Td numeric className="whitespace-nowrap">
				<WinsBar wins={wins} ties={ties} losses={losses} />
			</Td>
		</>
	);
}

/** Shares of shoppers, those on the run's side to the left. */
function WinsBar({ wins, ties, losses }: { wins: number; ties: number; losses: number }) {
	const all = Math.max(1, wins + ties + losses);
	const share = (count: number) => ({ width: `${(100 * count) / all}%` });
	return (
		<span className="inline-flex flex-col items-end gap-1">
			<span>
				{formatCount(wins)} <span className="text-ink-faint">/ {formatCount(ties)} /</span> {formatCount(losses)}
			</span>
			<span aria-hidden className="flex h-1 w-28 overflow-hidden rounded-[1px] bg-line">
				<span className="bg-ink-muted" style={share(wins)} />
				<span style={share(ties)} />
				<span className="bg-line-strong" style={share(losses)} />
			</span>
		</span>
	);
}
