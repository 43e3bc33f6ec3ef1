import { describeProtocol } from "@atelier/core";
import { CopyButton, formatDuration, KeyValue, RelativeTime } from "@atelier/ui";
import Link from "next/link";
import { shortId } from "~/features/frame/navigation";
import { settingTitle, variantLabel } from "~/features/methods";
import { LaunchPriority } from "./launch-priority";
import { RunDuration } from "./run-duration";
import type { RunDetail } from "./run-types";

export function RunFacts({ run }: { run: RunDetail }) {
	return (
		<KeyValue
			entries={[
				{
					key: "Dataset",
					value: (
						<Link href={`/datasets/${encodeURIComponent(run.dataset)}`} className="text-accent-strong hover:underline">
							{run.dataset}
						</Link>
					),
				},
				{ key: "Seed", value: run.seed },
				{ key: "Variant", value: variantLabel(run.variant) || "as it stands" },
				{ key: "Setting", value: settingTitle(run.setting) },
				{ key: "Suite", value: run.suite },
				{ key: "Preset", value: run.preset },
				...(run.protocol ? [{ key: "Protocol", value: describeProtocol(run.protocol) }] : []),
				{
					key: "Launch",
					value: (
						<Link
							href={`/runs?launch=${run.launchId}`}
							className="font-mono text-xs text-accent-strong hover:underline"
						>
							{shortId(run.launchId)}
						</Link>
					),
				},
				{ key: "Launched", value: <RelativeTime at={run.createdAt} /> },
				{ key: "Priority", value: <LaunchPriority run={run} /> },
				{ key: "Duration", value: <RunDuration run={run} /> },
				{ key: "Waited", value: formatDuration(run.waitedMs) },
				{
					key: "Run id",
					value: (
						<span className="inline-flex items-center gap-1 font-mono text-xs" title={run.id}>
							{shortId(run.id)}
							<CopyButton text={run.id} label="Copy run id" />
						</span>
					),
				},
			]}
		/>
	);
}
