"use client";
import { Button, Checkbox, Dialog, Input } from "@atelier/ui";
import { Columns3 } from "lucide-react";
import { useState } from "react";
import type { OfferedColumns } from "./field-options";
import { fieldTitle } from "./field-words";

/** More would neither fit nor be read. */
const MOST = 30;

export interface ChooseColumnsProps {
	offered: OfferedColumns | undefined;
	shown: readonly string[];
	/** They were chosen by somebody; else those that differ are shown. */
	isChosen: boolean;
	onChange: (columns: string[] | null) => void;
}

/** Which metrics and parameters stand beside the usual columns. */
export function ChooseColumns({ offered, shown, isChosen, onChange }: ChooseColumnsProps) {
	const [open, setOpen] = useState(false);
	const [search, setSearch] = useState("");
	const isWanted = (name: string) => fieldTitle(name).toLowerCase().includes(search.trim().toLowerCase());
	const toggle = (name: string) =>
		onChange(shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name]);
	const groups = [
		{
			title: "Parameters that differ",
			names: offered?.parameters.flatMap(({ name, differs }) => (differs ? name : [])),
		},
		{ title: "Metrics", names: offered?.metrics.filter((name) => !/^metric:(recall|ndcg|mrr)@10$/.test(name)) },
		{ title: "Other parameters", names: offered?.parameters.flatMap(({ name, differs }) => (differs ? [] : name)) },
	];
	return (
		<>
			<Button onClick={() => setOpen(true)}>
				<Columns3 /> Columns
			</Button>
			<Dialog
				open={open}
				onOpenChange={setOpen}
				title="Columns"
				description={`Which parameters differ was read from the newest ${offered?.read ?? 0} runs that match.`}
				footer={
					<Button disabled={!isChosen} onClick={() => onChange(null)}>
						Show those that differ
					</Button>
				}
			>
				<Input
					type="search"
					aria-label="Find a column"
					placeholder="Find a column"
					value={search}
					onChange={({ target }) => setSearch(target.value)}
				/>
				{groups.map(({ title, names = [] }) => {
					const found = names.filter(isWanted);
					return found.length === 0 ? null : (
						<fieldset key={title} className="mt-4">
							<legend className="mb-2 text-xs text-ink-faint">{title}</legend>
							<div className="grid gap-2 sm:grid-cols-2">
								{found.map((name) => (
									<Checkbox
										key={name}
										label={<span className="break-all">{fieldTitle(name)}</span>}
										checked={shown.includes(name)}
										disabled={!shown.includes(name) && shown.length >= MOST}
										onChange={() => toggle(name)}
									/>
								))}
							</div>
						</fieldset>
					);
				})}
			</Dialog>
		</>
	);
}
