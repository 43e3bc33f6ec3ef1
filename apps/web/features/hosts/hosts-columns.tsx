import { CellBar, formatBytes, Missing } from "@atelier/ui";
import type { Column } from "~/features/table";
import { HostState } from "./host-state";
import type { HostRow } from "./host-types";
import { describeGpus, gpuMemory, groupGpus, hostState } from "./prepare-hosts";

export const HOST_COLUMNS: readonly Column<HostRow>[] = [
	{
		key: "name",
		header: "Host",
		sortBy: ({ name }) => name,
		cell: ({ name, address }) => (
			<span className="flex flex-col py-1 leading-tight">
				<span className="font-medium">{name}</span>
				<span className="max-w-56 truncate text-xs text-ink-faint" title={address ?? undefined}>
					{address ?? "the worker's own machine"}
				</span>
			</span>
		),
	},
	{ key: "state", header: "State", sortBy: hostState, cell: (host) => <HostState host={host} /> },
	{
		key: "gpus",
		header: "GPUs",
		sortBy: ({ gpus }) => gpus,
		cell: ({ facts, probedAt }) => <Gpus gpus={facts.gpus} isProbed={probedAt !== null} />,
	},
	{
		key: "memory",
		header: "GPU memory",
		title: "In use at the last probe",
		cell: ({ facts }) => <GpuMemory gpus={facts.gpus} />,
	},
	{
		key: "running",
		header: "Running",
		title: "Stages that run there, of its slots",
		numeric: true,
		sortBy: ({ running }) => running.length,
		cell: ({ running, slots }) => (
			<span className="whitespace-nowrap">
				{running.length}
				<span className="text-ink-faint"> of {slots}</span>
			</span>
		),
	},
	{
		key: "waiting",
		header: "Waiting",
		title: "Ready stages of launches that name this host",
		numeric: true,
		sortBy: ({ waiting }) => waiting,
		cell: ({ waiting }) => waiting,
	},
	{
		key: "versions",
		header: "Versions",
		className: "pl-6",
		cell: ({ facts: { versions } }) => <Versions versions={versions} />,
	},
	{
		key: "price",
		header: "Price an hour",
		numeric: true,
		sortBy: ({ pricePerHour }) => pricePerHour,
		cell: ({ pricePerHour }) =>
			pricePerHour === null ? <Missing reason="No price was given." /> : pricePerHour.toFixed(2),
	},
];
export const HOST_HEADS = HOST_COLUMNS.map(({ header }) => String(header));

function Gpus({ gpus, isProbed }: { gpus: HostRow["facts"]["gpus"]; isProbed: boolean }) {
	const groups = groupGpus(gpus);
	if (groups.length === 0)
		return <Missing reason={isProbed ? "The last probe found none." : "Known once the host was probed."} />;
	return (
		<span className="whitespace-nowrap">
			{groups.map((group) => (
				<span key={group.name} className="block">
					{describeGpus(group)}
				</span>
			))}
		</span>
	);
}

function GpuMemory({ gpus }: { gpus: HostRow["facts"]["gpus"] }) {
	const memory = gpuMemory(gpus);
	if (memory === null) return <Missing reason={gpus.length === 0 ? "It has no GPU." : "The host does not say."} />;
	return (
		<span className="flex items-center gap-2 whitespace-nowrap tabular-nums">
			<CellBar value={memory.usedBytes} max={memory.allBytes} colour="var(--accent)" />
			{formatBytes(memory.usedBytes)}
		</span>
	);
}

/** The two that stages depend on most; the peek panel has them all. */
function Versions({ versions }: { versions: Record<string, string> }) {
	const shown = ["ray", "torch"].flatMap((name) => (versions[name] ? [`${name} ${versions[name]}`] : []));
	if (shown.length === 0) return <Missing reason="Known once the host was probed." />;
	return <span className="whitespace-nowrap text-ink-muted">{shown.join(", ")}</span>;
}
