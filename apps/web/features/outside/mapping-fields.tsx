import { OUTSIDE_COLUMNS, type OutsideColumn, visibleText } from "@atelier/core";
import { Field, Select } from "@atelier/ui";

const TITLES: Record<OutsideColumn, { title: string; hint: string }> = {
	user: { title: "Shopper", hint: "Key in the imported log" },
	items: { title: "List of items", hint: "A ranked list a row" },
	item: { title: "Item", hint: "Where an item stands a row" },
	rank: { title: "Rank", hint: "From 1" },
	score: { title: "Score", hint: "Of the item, or the list's" },
	groundTruth: { title: "Ground truth", hint: "Compared with the split's" },
};

export interface MappingFieldsProps {
	id: string;
	/** Of the file. */
	names: readonly string[];
	/** The first rows, in the order of the names. */
	preview: readonly (readonly (string | null)[])[];
	chosen: Partial<Record<OutsideColumn, string>>;
	error: string | undefined;
	disabled: boolean;
	onChange: (chosen: Partial<Record<OutsideColumn, string>>) => void;
}

/** Which column holds what, above the file's first rows. */
export function MappingFields({ id, names, preview, chosen, error, disabled, onChange }: MappingFieldsProps) {
	return (
		<fieldset className="grid gap-3" disabled={disabled}>
			<legend className="mb-2 text-sm font-medium">Columns</legend>
			<div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
				{OUTSIDE_COLUMNS.map((part) => (
					<Field key={part} label={TITLES[part].title} htmlFor={`${id}-${part}`} hint={TITLES[part].hint}>
						<Select
							id={`${id}-${part}`}
							className="w-full"
							value={chosen[part] ?? ""}
							onChange={({ target }) => onChange({ ...chosen, [part]: target.value })}
						>
							<option value="">none</option>
							{names.map((name) => (
								<option key={name} value={name}>
									{visibleText(name)}
								</option>
							))}
						</Select>
					</Field>
				))}
			</div>
			{error ? (
				<p role="alert" className="text-xs text-failed">
					{error}
				</p>
			) : null}
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
			<section aria-label="First rows of the file" tabIndex={0} className="max-h-40 overflow-auto rounded-md border">
				<table className="w-full text-left font-mono text-xs">
					<thead>
						<tr>
							{names.map((name) => (
								<th key={name} scope="col" className="border-b px-2 py-1 font-medium whitespace-nowrap">
									{visibleText(name)}
								</th>
							))}
						</tr>
					</thead>
					<tbody>
						{preview.map((row, place) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name, and do not move
							<tr key={place}>
								{names.map((name, column) => (
									<td key={name} className="max-w-56 truncate px-2 py-1 text-ink-muted">
										{visibleText(row[column] ?? "")}
									</td>
								))}
							</tr>
						))}
					</tbody>
				</table>
			</section>
		</fieldset>
	);
}
