import { Field, Input, Select } from "@atelier/ui";
import { useId } from "react";
import { describeGpus, groupGpus, hostState } from "~/features/hosts/prepare-hosts";
import type { Outputs } from "~/trpc/client";
import type { LaunchView } from "./launch-view";

type Host = Outputs["hosts"]["list"][number];

export interface LaunchWhereProps {
	view: LaunchView;
	hosts: readonly Host[];
	/** Of the budget. */
	error: string | undefined;
	onChange: (change: Partial<LaunchView>) => void;
}

/** Where trainings run, and how much of GPUs they may take. */
export function LaunchWhere({ view, hosts, error, onChange }: LaunchWhereProps) {
	const id = useId();
	const chosen = hosts.find(({ name }) => name === view.on);
	return (
		<>
			<Field label="Where to run" htmlFor={`${id}-on`} hint={hostNote(chosen)}>
				<Select
					id={`${id}-on`}
					className="w-full"
					value={view.on}
					onChange={({ target }) => onChange({ on: target.value })}
				>
					<option value="">any host that has what a stage needs</option>
					{view.on && !chosen ? <option value={view.on}>{view.on} (not there)</option> : null}
					{hosts.map((host) => (
						<option key={host.name} value={host.name}>
							{hostLabel(host)}
						</option>
					))}
				</Select>
			</Field>
			<Field
				label="Budget"
				htmlFor={`${id}-budget`}
				error={error}
				hint="GPU-hours. A stage that would pass them is not begun, and the runs that need it end; what is made stays."
			>
				<Input
					id={`${id}-budget`}
					className="tabular-nums"
					inputMode="decimal"
					placeholder="none"
					value={view.budget}
					aria-invalid={error ? true : undefined}
					onChange={({ target }) => onChange({ budget: target.value })}
				/>
			</Field>
		</>
	);
}

const STATE_WORDS = {
	reachable: "",
	draining: ", draining",
	unknown: ", not probed yet",
	unreachable: ", unreachable",
};

function hostLabel(host: Host): string {
	const gpus = groupGpus(host.facts.gpus).map(describeGpus).join("; ") || "no GPU";
	return `${host.name}: ${gpus}${STATE_WORDS[hostState(host)]}`;
}

/** What becomes of a launch on the host that is chosen. */
function hostNote(host: Host | undefined): string {
	if (host === undefined) return "The worker's own machine, and a GPU host for what needs a GPU.";
	const busy = `${host.running.length} of ${host.slots} slots in use, ${host.waiting} waiting.`;
	switch (hostState(host)) {
		case "reachable":
			return busy;
		case "draining":
			return `It is draining: stages wait until it is resumed. ${busy}`;
		case "unknown":
			return "No worker has asked it yet: stages wait until it answers.";
		case "unreachable":
			return `It does not answer: stages wait until it does. ${host.problem ?? ""}`;
	}
}
