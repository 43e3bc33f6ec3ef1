import { Badge, RelativeTime } from "@atelier/ui";
import { CircleCheck, CircleDashed, CircleOff, CirclePause } from "lucide-react";
import type { HostRow } from "./host-types";
import { hostState } from "./prepare-hosts";

/** Where a host stands, with an icon and a word. */
export function HostState({ host }: { host: Pick<HostRow, "state" | "draining" | "unreachableSince" | "problem"> }) {
	const state = hostState(host);
	switch (state) {
		case "reachable":
			return (
				<Badge tone="good" icon={<CircleCheck aria-hidden />}>
					Reachable
				</Badge>
			);
		case "draining":
			return (
				<Badge tone="warn" icon={<CirclePause aria-hidden />} title="What runs there goes on; nothing new starts.">
					Draining
				</Badge>
			);
		case "unknown":
			return (
				<Badge icon={<CircleDashed aria-hidden />} title="No worker has asked it yet.">
					Not probed yet
				</Badge>
			);
		case "unreachable":
			return (
				<Badge tone="bad" icon={<CircleOff aria-hidden />} title={host.problem ?? undefined}>
					Unreachable
					{host.unreachableSince ? (
						<span className="font-normal">
							since <RelativeTime at={host.unreachableSince} />
						</span>
					) : null}
				</Badge>
			);
	}
}
