import { Button, cn, Panel } from "@atelier/ui";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";

export interface FirstStepsProps {
	/** Datasets that are ready. */
	datasets: number;
	launched: boolean;
	onImport: () => void;
	onSample: () => void;
}

/** The way to the first result; goes away with it. */
export function FirstSteps({ datasets, launched, onImport, onSample }: FirstStepsProps) {
	const hasData = datasets > 0;
	return (
		<Panel title="The first ten minutes">
			<ol className="grid gap-4 pt-1 md:grid-cols-3">
				<Step
					number={1}
					done={hasData}
					title="Get a dataset"
					actions={
						<>
							<Button size="sm" variant="primary" onClick={onSample}>
								Make sample data
							</Button>
							<Button size="sm" variant="quiet" onClick={onImport}>
								Import a log
							</Button>
						</>
					}
				>
					Import a shopping log, or make the synthetic sample in the paper's four categories.
				</Step>
				<Step
					number={2}
					done={launched}
					waits={!hasData}
					title="Launch a comparison"
					actions={
						<Button asChild size="sm">
							<Link href="/launch">Plan a launch</Link>
						</Button>
					}
				>
					Choose methods and see the plan before anything runs.
				</Step>
				<Step number={3} done={false} waits={!launched} title="Read the results">
					The benchmark sets every method beside the paper's figures; the inspector takes one shopper's recommendation
					apart.
				</Step>
			</ol>
		</Panel>
	);
}

interface StepProps {
	number: number;
	done: boolean;
	/** An earlier step comes first. */
	waits?: boolean;
	title: string;
	actions?: ReactNode;
	children: ReactNode;
}

function Step({ number, done, waits = false, title, actions, children }: StepProps) {
	return (
		<li className="flex gap-3">
			<span
				className={cn(
					"flex size-6 shrink-0 items-center justify-center rounded-full border text-xs font-medium tabular-nums",
					done ? "border-transparent bg-succeeded-soft text-succeeded" : "text-ink-muted",
				)}
			>
				{done ? <Check aria-label="done" className="size-3.5" /> : number}
			</span>
			<div className="min-w-0">
				<p className="text-sm font-medium">{title}</p>
				<p className="text-sm text-ink-muted">{children}</p>
				{!done && !waits && actions ? <div className="mt-2 flex flex-wrap gap-2">{actions}</div> : null}
			</div>
		</li>
	);
}
