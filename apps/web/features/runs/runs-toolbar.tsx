"use client";
import { Button, Select } from "@atelier/ui";
import { X } from "lucide-react";
import { SearchBox } from "~/features/datasets/search-box";
import { AddCondition } from "./add-condition";
import { ChooseColumns } from "./choose-columns";
import { FieldOptions, type OfferedColumns } from "./field-options";
import { CONDITION_WORDS, fieldTitle } from "./field-words";
import { type RunsView, runsViewCodec, writeCondition } from "./runs-view";
import { SavedViews } from "./saved-views";

const GROUPED = ["dataset", "method", "variant", "setting", "preset", "suite", "status", "seed", "tags", "error"];

export interface RunsToolbarProps {
	view: RunsView;
	offered: OfferedColumns | undefined;
	/** Metrics and parameters that are shown. */
	shown: readonly string[];
	onChange: (change: Partial<RunsView>, options?: { push?: boolean }) => void;
}

/** Search, filters of any kind, grouping, columns and saved views. */
export function RunsToolbar({ view, offered, shown, onChange }: RunsToolbarProps) {
	const push = (change: Partial<RunsView>) => onChange(change, { push: true });
	const [group, ...deeper] = view.group;
	return (
		<div className="mb-3 space-y-2">
			<div className="flex flex-wrap items-center gap-2">
				<div className="min-w-48 flex-1 sm:max-w-sm">
					<SearchBox label="Search runs" value={view.search} onChange={(search) => onChange({ search })} />
				</div>
				<AddCondition offered={offered} onAdd={(condition) => push({ where: [...view.where, condition] })} />
				<Select
					aria-label="Group by"
					className="w-44"
					value={group ?? ""}
					onChange={({ target }) => push({ group: target.value === "" ? [] : [target.value], sort: null })}
				>
					<option value="">Not grouped</option>
					<FieldOptions own={GROUPED} offered={offered} />
				</Select>
				{group === undefined ? (
					<ChooseColumns
						offered={offered}
						shown={shown}
						isChosen={view.columns !== null}
						onChange={(columns) => onChange({ columns })}
					/>
				) : (
					<Select
						aria-label="Then by"
						className="w-44"
						value={deeper[0] ?? ""}
						onChange={({ target }) =>
							push({ group: target.value === "" ? [group] : [group, target.value], sort: null })
						}
					>
						<option value="">Then by nothing</option>
						<FieldOptions own={GROUPED.filter((name) => name !== group)} offered={offered} />
					</Select>
				)}
				<SavedViews query={runsViewCodec.serialise({ ...view, peek: "" }).toString()} />
			</div>
			{view.where.length > 0 || view.tags.length > 0 ? (
				<ul aria-label="Filters" className="flex flex-wrap gap-2">
					{view.where.map((condition) => (
						<li key={writeCondition(condition)}>
							<Button
								size="sm"
								title="Take this filter away"
								onClick={() => push({ where: view.where.filter((one) => one !== condition) })}
							>
								<span className="max-w-72 truncate">
									{fieldTitle(condition.field)} {CONDITION_WORDS[condition.is]} {condition.value}
								</span>
								<X />
							</Button>
						</li>
					))}
					{view.tags.map((tag) => (
						<li key={tag}>
							<Button
								size="sm"
								title="Take this filter away"
								onClick={() => push({ tags: view.tags.filter((one) => one !== tag) })}
							>
								tag {tag} <X />
							</Button>
						</li>
					))}
				</ul>
			) : null}
		</div>
	);
}
