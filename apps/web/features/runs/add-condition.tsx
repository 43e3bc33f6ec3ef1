"use client";
import { Button, Dialog, Field, Input, Select } from "@atelier/ui";
import { ListFilterPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { FieldOptions, type OfferedColumns } from "./field-options";
import { CONDITION_WORDS, OWN_FIELDS } from "./field-words";
import { CONDITIONS, type ConditionKind, type RunCondition } from "./runs-view";

export interface AddConditionProps {
	offered: OfferedColumns | undefined;
	onAdd: (condition: RunCondition) => void;
}

/** A filter by any column, metric or parameter. */
export function AddCondition({ offered, onAdd }: AddConditionProps) {
	const [open, setOpen] = useState(false);
	const [field, setField] = useState("status");
	const [is, setIs] = useState<ConditionKind>("eq");
	const [value, setValue] = useState("");
	const needsValue = is !== "any" && is !== "none";
	const add = (event: FormEvent) => {
		event.preventDefault();
		if (needsValue && value.trim() === "") return;
		onAdd({ field, is, value: needsValue ? value.trim() : "" });
		setOpen(false);
		setValue("");
	};
	return (
		<>
			<Button onClick={() => setOpen(true)}>
				<ListFilterPlus /> Filter
			</Button>
			<Dialog
				open={open}
				onOpenChange={setOpen}
				title="Filter runs"
				description="By any column, metric or parameter of the configuration."
			>
				<form onSubmit={add} className="space-y-4">
					<Field label="Column" htmlFor="condition-field">
						<Select id="condition-field" value={field} onChange={({ target }) => setField(target.value)}>
							<FieldOptions own={Object.keys(OWN_FIELDS)} offered={offered} />
						</Select>
					</Field>
					<div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-3">
						<Field label="Has to" htmlFor="condition-is">
							<Select
								id="condition-is"
								value={is}
								onChange={({ target }) => setIs(CONDITIONS.find((one) => one === target.value) ?? "eq")}
							>
								{CONDITIONS.map((one) => (
									<option key={one} value={one}>
										{CONDITION_WORDS[one]}
									</option>
								))}
							</Select>
						</Field>
						<Field label="Value" htmlFor="condition-value">
							<Input
								id="condition-value"
								disabled={!needsValue}
								value={value}
								onChange={({ target }) => setValue(target.value)}
							/>
						</Field>
					</div>
					<Button type="submit" variant="primary" disabled={needsValue && value.trim() === ""}>
						Add filter
					</Button>
				</form>
			</Dialog>
		</>
	);
}
