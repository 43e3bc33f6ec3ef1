import { cn, ProgressBar } from "@atelier/ui";

export interface Computing {
	done: number;
	total: number;
	failed: string | null;
}

const ASK_EVERY_MS = 1_000;

/** How often an answer that stands on paired tests is asked for again: soon while they are being computed. */
export function refreshTested(idleMs: number | false) {
	return ({ state: { data } }: { state: { data?: { computing: Computing | null } } }) =>
		data?.computing?.failed === null ? ASK_EVERY_MS : idleMs;
}

/** Says that paired tests are being computed, and how many are there, or why they are not; nothing once all are. */
export function ComputingTests({
	computing,
	className,
}: {
	computing: Computing | null | undefined;
	className?: string;
}) {
	if (!computing) return null;
	if (computing.failed !== null) {
		return (
			<p className={cn("text-sm text-ink-muted", className)}>
				The paired tests could not be computed: {computing.failed} They are tried again in a minute.
			</p>
		);
	}
	return (
		<ProgressBar
			className={className}
			label="Paired tests are being computed, once for all pages"
			done={computing.done}
			total={computing.total}
			unit="tests"
		/>
	);
}
