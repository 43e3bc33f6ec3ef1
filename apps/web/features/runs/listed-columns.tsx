import { Badge, formatMetric, Missing } from "@atelier/ui";
import type { Column } from "~/features/table";
import type { SelectedRuns } from "./bulk-bar";
import { fieldTitle } from "./field-words";
import { RUN_COLUMNS } from "./run-columns";
import type { ListedRun } from "./run-types";

/** The columns of the Runs page: a box to select by, the usual ones, and those that were chosen or differ. */
export function listedColumns(
	shown: readonly string[],
	selected: SelectedRuns,
	onSelect: (selected: SelectedRuns) => void,
): Column<ListedRun>[] {
	const toggle = ({ id, status }: ListedRun) => {
		const next = new Map(selected);
		if (!next.delete(id)) next.set(id, status);
		onSelect(next);
	};
	const usual = RUN_COLUMNS.map((column): Column<ListedRun> => {
		const sortable = { ...column, sortBy: undefined, sortable: column.key !== "preset" };
		if (column.key !== "method") return sortable;
		return {
			...sortable,
			cell: (run) => (
				<span className="flex items-center gap-2.5">
					<input
						type="checkbox"
						aria-label={`Select the run ${run.id.slice(0, 8)}`}
						className="size-4 shrink-0 accent-accent"
						checked={selected.has(run.id)}
						onChange={() => toggle(run)}
					/>
					{column.cell(run)}
				</span>
			),
		};
	});
	const at = usual.findIndex(({ key }) => key === "duration");
	return [...usual.slice(0, at), ...shown.map(valueColumn), ...usual.slice(at), TAGS];
}

function valueColumn(name: string): Column<ListedRun> {
	return {
		key: name,
		header: fieldTitle(name),
		title: name,
		numeric: name.startsWith("metric:"),
		sortable: true,
		className: "max-w-56 truncate",
		cell: ({ values }) => <ShownValue value={values[name]} />,
	};
}

function ShownValue({ value }: { value: ListedRun["values"][string] | undefined }) {
	if (value === undefined || value === null) return <Missing reason="This run has none." />;
	if (typeof value === "number") return <span className="tabular-nums">{formatNumber(value)}</span>;
	return typeof value === "string" ? value : JSON.stringify(value);
}

/** Rates and figures alike: as short as they are exact, to four digits. */
const formatNumber = (value: number) =>
	Number.isInteger(value) || Math.abs(value) < 0.01 ? String(value) : formatMetric(value);

const TAGS: Column<ListedRun> = {
	key: "tags",
	header: "Tags",
	sortable: true,
	cell: ({ tags, note }) => (
		<span className="flex max-w-64 items-center gap-1.5">
			{tags.map((tag) => (
				<Badge key={tag}>{tag}</Badge>
			))}
			{note ? (
				<span title={note} className="truncate text-xs text-ink-faint">
					{note}
				</span>
			) : null}
		</span>
	),
};
