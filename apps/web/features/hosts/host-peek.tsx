"use client";
import {
	Elapsed,
	ErrorState,
	formatBytes,
	formatCount,
	formatPlural,
	KeyValue,
	RelativeTime,
	Sheet,
} from "@atelier/ui";
import Link from "next/link";
import type { ReactNode } from "react";
import { stageTitle } from "~/features/runs/stage-words";
import { HostActions } from "./host-actions";
import { HostState } from "./host-state";
import { Throughput } from "./host-throughput";
import type { HostRow } from "./host-types";
import { describeGpus } from "./prepare-hosts";

export function HostPeek({ host, onClose }: { host: HostRow | null; onClose: () => void }) {
	return (
		<Sheet open={host !== null} onOpenChange={(open) => open || onClose()} title={host?.name ?? "Host"}>
			{host ? <HostDetail host={host} onRemoved={onClose} /> : null}
		</Sheet>
	);
}

function HostDetail({ host, onRemoved }: { host: HostRow; onRemoved: () => void }) {
	const { facts } = host;
	return (
		<div className="space-y-6 p-5">
			<div className="flex flex-wrap items-center justify-between gap-2">
				<HostState host={host} />
				<HostActions host={host} onRemoved={onRemoved} />
			</div>
			{host.problem ? (
				<ErrorState
					title={host.state === "unreachable" ? "The host does not answer." : "The host cannot be used as it is."}
					message={host.problem}
					kept="Stages that run there are not given up for that: they are found again when it answers."
				/>
			) : null}
			<Section title="GPUs">
				{facts.gpus.length === 0 ? (
					<p className="text-sm text-ink-faint">
						{host.probedAt === null ? "Known once the host was probed." : "The last probe found none."}
					</p>
				) : (
					<KeyValue
						entries={facts.gpus.map((gpu, index) => ({
							key: `${index}: ${describeGpus({ ...gpu, count: 1 })}`,
							value: gpuUse(gpu),
						}))}
					/>
				)}
			</Section>
			<Section title="Running">
				<RunningStages running={host.running} />
				{host.waiting > 0 ? (
					<p className="mt-2 text-sm text-ink-muted">
						{formatPlural(host.waiting, "ready stage")} of launches on {host.name}{" "}
						{host.waiting === 1 ? "waits" : "wait"}.
					</p>
				) : null}
			</Section>
			<Section title="Throughput seen here">
				<Throughput name={host.name} />
			</Section>
			<Section title="Host">
				<KeyValue
					entries={[
						{ key: "Address", value: host.address ?? "the worker's own machine" },
						{ key: "Stages at once", value: host.slots },
						...(host.kind === "local" ? [] : [{ key: "Token", value: host.hasToken ? "kept sealed" : "none" }]),
						...(host.kind === "local" ? [] : [{ key: "Trainer's environment", value: environmentOf(host) }]),
						...(facts.cpus === null ? [] : [{ key: "Processors", value: formatCount(facts.cpus) }]),
						...(facts.memoryBytes === null ? [] : [{ key: "Memory", value: formatBytes(facts.memoryBytes) }]),
						...(facts.nodes === null || facts.nodes === 1 ? [] : [{ key: "Machines", value: facts.nodes }]),
						...(host.pricePerHour === null ? [] : [{ key: "Price an hour", value: host.pricePerHour.toFixed(2) }]),
						...Object.entries(facts.versions).map(([name, version]) => ({ key: name, value: version })),
						...(host.probedAt ? [{ key: "Last probed", value: <RelativeTime at={host.probedAt} /> }] : []),
					]}
				/>
			</Section>
		</div>
	);
}

function RunningStages({ running }: Pick<HostRow, "running">) {
	if (running.length === 0) return <p className="text-sm text-ink-faint">Nothing runs there now.</p>;
	return (
		<ul className="divide-y rounded-md border text-sm">
			{running.map(({ attemptId, runId, kind, gpus, startedAt, unreachableSince }) => (
				<li key={attemptId} className="flex flex-wrap items-center justify-between gap-x-3 px-3 py-2">
					<span>
						{runId ? (
							<Link href={`/runs/${runId}?stage=${kind}`} className="font-medium hover:underline">
								{stageTitle(kind)}
							</Link>
						) : (
							stageTitle(kind)
						)}
						{gpus > 0 ? <span className="text-ink-faint">, {formatPlural(gpus, "GPU")}</span> : null}
					</span>
					<span className="text-xs text-ink-faint tabular-nums">
						{unreachableSince ? (
							<span className="text-failed">
								not heard of since <RelativeTime at={unreachableSince} />
							</span>
						) : (
							<Elapsed from={startedAt} />
						)}
					</span>
				</li>
			))}
		</ul>
	);
}

function Section({ title, children }: { title: string; children: ReactNode }) {
	return (
		<section>
			<h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
			{children}
		</section>
	);
}

function gpuUse({ usedBytes, memoryBytes, utilisation }: HostRow["facts"]["gpus"][number]): string {
	const memory = usedBytes === null ? "use not said" : `${formatBytes(usedBytes)} of ${formatBytes(memoryBytes)}`;
	return utilisation === null ? memory : `${memory}, ${Math.round(utilisation * 100)} % busy`;
}

function environmentOf({ settings: { environment, python } }: HostRow): string {
	return environment === "image" ? `of the image (${python})` : "installed by pip, as we pin them";
}
