"use client";
import { cn, Spinner } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, TriangleAlert } from "lucide-react";
import { useAway } from "~/features/away/use-away";
import { useTRPC } from "~/trpc/client";
import { prepareSystemNotice } from "./prepare-system-notice";

const TONES = {
	info: "bg-running-soft text-running",
	warn: "bg-cancelled-soft text-cancelled",
	bad: "bg-failed-soft text-failed",
} as const;
const ICONS = { info: <Spinner />, warn: <TriangleAlert />, bad: <CircleAlert /> } as const;

/** A strip under the top bar while something that work relies on is not up. */
export function SystemNotice() {
	const trpc = useTRPC();
	const away = useAway();
	const { data } = useQuery({
		...trpc.system.status.queryOptions(),
		refetchInterval: ({ state }) => (state.data?.trainer.state === "ready" ? 15_000 : 2_500),
	});
	const notice = prepareSystemNotice(data ?? null, away);
	if (notice === null) return null;
	return (
		<div
			role="status"
			className={cn("flex items-start gap-2.5 border-b px-4 py-2 text-sm sm:px-6", TONES[notice.tone])}
		>
			<span aria-hidden className="mt-0.5 [&_svg]:size-4">
				{ICONS[notice.tone]}
			</span>
			<p className="min-w-0">
				<span className="font-medium">{notice.title}</span> <span className="text-ink-muted">{notice.detail}</span>
			</p>
		</div>
	);
}
