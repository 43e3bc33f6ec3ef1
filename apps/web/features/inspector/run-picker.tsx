import { formatDate, Select } from "@atelier/ui";
import Link from "next/link";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { categoryPlace } from "~/features/datasets/order-datasets";
import { shortId } from "~/features/frame/navigation";
import { runName } from "~/features/methods";
import { type InspectableRun, preferredRun, runsOf, whyOpen } from "./choose-run";

export interface RunPickerProps {
	/** Newest first. */
	runs: readonly InspectableRun[];
	chosen: InspectableRun;
	/** A link or a choice has named it. */
	isNamed: boolean;
	onChoose: (run: InspectableRun) => void;
}

/** Dataset, then one of its succeeded runs. */
export function RunPicker({ runs, chosen, isNamed, onChoose }: RunPickerProps) {
	const datasets = [...new Set(runs.map(({ dataset }) => dataset))].sort(
		(a, b) => categoryPlace(a) - categoryPlace(b) || a.localeCompare(b),
	);
	const choose = (run: InspectableRun | undefined) => run && onChoose(run);
	return (
		<div className="mb-4 flex flex-wrap items-center gap-2">
			<Select
				aria-label="Dataset"
				className="w-full sm:w-52"
				value={chosen.dataset}
				onChange={({ target }) => choose(preferredRun(runs.filter(({ dataset }) => dataset === target.value)))}
			>
				{datasets.map((name) => (
					<option key={name}>{name}</option>
				))}
			</Select>
			<Select
				aria-label="Run"
				className="w-full sm:w-80"
				value={chosen.id}
				onChange={({ target }) => choose(runs.find(({ id }) => id === target.value))}
			>
				{runsOf(runs, chosen.dataset).map((run) => (
					<option key={run.id} value={run.id}>
						{describeRun(run)}
					</option>
				))}
			</Select>
			<DatasetLabels dataset={chosen} />
			<p className="text-sm text-ink-muted">
				Run{" "}
				<Link href={`/runs/${chosen.id}`} className="font-mono text-accent-strong hover:underline">
					{shortId(chosen.id)}
				</Link>
				{isNamed ? null : `, ${whyOpen(chosen)}`}
			</p>
		</div>
	);
}

function describeRun(run: InspectableRun): string {
	const { id, seed, preset, createdAt } = run;
	return [runName(run), preset, `seed ${seed}`, formatDate(createdAt), shortId(id)].join(" · ");
}
