import type { LedgerRow } from "@atelier/core";
import { formatCount, Panel, StatusIcon } from "@atelier/ui";
import { Check } from "lucide-react";
import Link from "next/link";
import { launchHref } from "~/features/launch/launch-view";

const PAGES: Record<LedgerRow["id"], string> = {
	table2: "/benchmark",
	table3: "/ablations",
	figure4: "/figures#figure4",
	figure5: "/figures#figure5",
	figure6: "/figures#figure6",
};

/** How far the paper's tables and figures are filled; one that nothing was run for leads to its launch. */
export function OverviewLedger({ rows }: { rows: readonly LedgerRow[] }) {
	return (
		<Panel title="The paper" flush>
			<ul>
				{rows.map((row) => (
					<li key={row.id} className="border-b px-3 py-2.5 last:border-b-0">
						<div className="flex items-center justify-between gap-x-2 text-sm">
							<Link href={PAGES[row.id]} className="min-w-0 truncate hover:underline">
								<span className="font-medium">{row.title}</span> <span className="text-ink-muted">{row.subject}</span>
							</Link>
							{row.cells === 0 ? (
								<Link
									href={launchHref({ suite: row.id })}
									aria-label={`Launch ${row.title}`}
									className="shrink-0 text-accent-strong hover:underline"
								>
									Launch
								</Link>
							) : null}
							{row.underWay > 0 ? <StatusIcon status="running" /> : null}
							{row.cells > 0 && row.filled === row.cells ? (
								<Check aria-hidden className="size-4 text-ink-faint" />
							) : null}
						</div>
						<p className="text-xs text-ink-faint tabular-nums">{extent(row)}</p>
					</li>
				))}
			</ul>
		</Panel>
	);
}

/** `51 of 60 cells, 4 under way, 5 datasets` */
export function extent({ filled, cells, underWay, datasets }: LedgerRow): string {
	if (cells === 0) return "Nothing measured yet";
	const cellWords =
		filled === cells ? `all ${formatCount(cells)} cells` : `${formatCount(filled)} of ${formatCount(cells)} cells`;
	const open = underWay === 0 ? "" : `, ${formatCount(underWay)} under way`;
	return `${cellWords}${open}, ${datasets === 1 ? "1 dataset" : `${formatCount(datasets)} datasets`}`;
}
