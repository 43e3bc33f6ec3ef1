"use client";
import { Button, Field, formatPlural, Input } from "@atelier/ui";
import { RotateCcw, Sparkles } from "lucide-react";
import { type FormEvent, useId } from "react";
import type { Inspected } from "./inspector-types";
import { isChanged, type WhatIf } from "./inspector-view";
import type { WhatIfDraft } from "./prepare-what-if";

export interface WhatIfFormProps {
	draft: WhatIfDraft;
	/** Null while the fields are not right. */
	whatIf: WhatIf | null;
	inspected: Inspected;
	/** Something is shown that Reset would take away. */
	canReset: boolean;
	busy: boolean;
	onDraft: (change: Partial<WhatIfDraft>) => void;
	onRecompute: () => void;
	onReset: () => void;
}

export function WhatIfForm(props: WhatIfFormProps) {
	const { draft, whatIf, inspected, canReset, busy, onDraft, onRecompute, onReset } = props;
	const id = useId();
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (whatIf !== null && isChanged(whatIf)) onRecompute();
	};
	return (
		<form onSubmit={submit} className="space-y-4">
			<div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_7rem]">
				<Field
					label="Last query"
					htmlFor={`${id}-query`}
					hint="Another query is looked up in the memory as it stands after training; the shopper's own keeps what the memory held before the session."
				>
					<Input
						id={`${id}-query`}
						value={draft.query}
						maxLength={300}
						placeholder={inspected.query ?? "No search in the session"}
						onChange={({ target }) => onDraft({ query: target.value })}
					/>
				</Field>
				<Field
					label="N of the mixup"
					htmlFor={`${id}-n`}
					hint={`0 to ${inspected.k}`}
					error={whatIf === null ? `A whole number from 0 to ${inspected.k}.` : null}
				>
					<Input
						id={`${id}-n`}
						type="number"
						min={0}
						max={inspected.k}
						value={draft.n}
						aria-invalid={whatIf === null || undefined}
						onChange={({ target }) => onDraft({ n: target.value })}
					/>
				</Field>
			</div>
			<div className="flex flex-wrap items-center gap-2">
				<Button
					type="submit"
					variant="primary"
					busy={busy}
					disabled={whatIf === null || !isChanged(whatIf)}
					title={whatIf !== null && !isChanged(whatIf) ? "Nothing is changed yet." : undefined}
				>
					{busy ? null : <Sparkles />} Recompute
				</Button>
				<Button onClick={onReset} disabled={!canReset}>
					<RotateCcw /> Reset
				</Button>
				<span className="text-sm text-ink-muted">
					{draft.drop.length === 0
						? "Leave events out with the cross beside them in the history."
						: `${formatPlural(draft.drop.length, "event")} left out.`}
				</span>
			</div>
		</form>
	);
}
