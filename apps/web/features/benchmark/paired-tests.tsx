import type { AdjustedDifference } from "@atelier/core";
import { formatCount, formatDelta, formatMetric, formatP, Missing, Table, TableFrame, Td, Th, Tr } from "@atelier/ui";
import type { ReactNode } from "react";

export type PairedTest = Omit<AdjustedDifference, "p">;

export interface PairedRow {
	key: string;
	title: ReactNode;
	/** The figure itself, in a column of its own where any row has one; null for one that was not measured. */
	value?: number | null;
	/** Null where nothing was tested. */
	test: PairedTest | null;
}

export interface PairedTestsProps {
	/** Accessible name. */
	label: string;
	/** Heads of the first column and of the differences. */
	heads: { row: string; difference: string };
	rows: readonly PairedRow[];
	/** Why a row has no test. */
	untested: string;
}

/** Differences shopper by shopper, with their intervals and corrected p. */
export function PairedTests({ label, heads, rows, untested }: PairedTestsProps) {
	const hasValues = rows.some(({ value }) => value !== undefined);
	return (
		<div>
			<TableFrame label={label}>
				<Table>
					<thead>
						<tr>
							<Th>{heads.row}</Th>
							{hasValues ? <Th numeric>Value</Th> : null}
							<Th numeric>{heads.difference}</Th>
							<Th numeric title="95 % bootstrap interval of the difference over shoppers">
								95 % interval
							</Th>
							<Th numeric title="After Holm's correction over the whole table">
								p
							</Th>
							<Th numeric title="Shoppers for whom it is better, equal, worse">
								W / T / L
							</Th>
						</tr>
					</thead>
					<tbody>
						{rows.map(({ key, title, value, test }) => (
							<Tr key={key}>
								<Td>{title}</Td>
								{hasValues ? (
									<Td numeric>{value == null ? <Missing reason="Not measured." /> : formatMetric(value)}</Td>
								) : null}
								<TestCells test={test} untested={untested} />
							</Tr>
						))}
					</tbody>
				</Table>
			</TableFrame>
			<p className="mt-1.5 text-xs text-ink-faint">
				Paired bootstrap over shoppers; p after Holm's correction over every test of this page. Bold: at most .05.
			</p>
		</div>
	);
}

function TestCells({ test, untested }: { test: PairedTest | null; untested: string }) {
	if (test === null) {
		return (
			<>
				<Td numeric>
					<Missing reason={untested} />
				</Td>
				<Td colSpan={3} />
			</>
		);
	}
	const { value, low, high, adjustedP, wins, ties, losses } = test;
	return (
		<>
			<Td numeric className={adjustedP <= 0.05 ? "font-semibold" : undefined}>
				{formatDelta(value)}
			</Td>
			<Td numeric className="whitespace-nowrap">
				{formatDelta(low)} to {formatDelta(high)}
			</Td>
			<Td numeric className="whitespace-nowrap">
				{formatP(adjustedP)}
			</Td>
			<Td numeric className="whitespace-nowrap text-ink-muted">
				{formatCount(wins)} / {formatCount(ties)} / {formatCount(losses)}
			</Td>
		</>
	);
}
