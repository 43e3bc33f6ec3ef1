import { Ban, CheckCircle2, CircleDashed, CircleX, LoaderCircle, type LucideIcon } from "lucide-react";
import { Badge, type Tone } from "./badge";
import { cn } from "./class-names";

export const WORK_STATUSES = ["queued", "running", "succeeded", "failed", "cancelled"] as const;
export type WorkStatus = (typeof WORK_STATUSES)[number];

interface Look {
	icon: LucideIcon;
	word: string;
	tone: Tone;
	colour: string;
	spins?: boolean;
}

const LOOKS: Record<WorkStatus, Look> = {
	queued: { icon: CircleDashed, word: "Waiting", tone: "neutral", colour: "text-queued" },
	running: { icon: LoaderCircle, word: "Running", tone: "accent", colour: "text-running", spins: true },
	succeeded: { icon: CheckCircle2, word: "Succeeded", tone: "good", colour: "text-succeeded" },
	failed: { icon: CircleX, word: "Failed", tone: "bad", colour: "text-failed" },
	cancelled: { icon: Ban, word: "Cancelled", tone: "warn", colour: "text-cancelled" },
};

export interface StatusBadgeProps {
	status: WorkStatus;
	/** Replaces the word, as `Ready` for a dataset that succeeded. */
	word?: string;
	title?: string;
}

export function StatusBadge({ status, word, title }: StatusBadgeProps) {
	const look = LOOKS[status];
	return (
		<Badge tone={look.tone} title={title} icon={<StatusIcon status={status} decorative />}>
			{word ?? look.word}
		</Badge>
	);
}

/** The icon alone, for dense lists; the word is there for screen readers unless it stands beside. */
export function StatusIcon({ status, decorative = false }: { status: WorkStatus; decorative?: boolean }) {
	const { icon: Icon, word, colour, spins } = LOOKS[status];
	return (
		<span className={cn("inline-flex", colour)} title={decorative ? undefined : word}>
			<Icon aria-hidden className={cn("size-4", spins && "animate-spin [animation-duration:2s]")} />
			{decorative ? null : <span className="sr-only">{word}</span>}
		</span>
	);
}
