import type { Outputs } from "~/trpc/client";
import { fieldTitle } from "./field-words";

export type OfferedColumns = Outputs["runs"]["columns"];

/** Columns, metrics and parameters as the options of a select. */
export function FieldOptions({ own, offered }: { own: readonly string[]; offered: OfferedColumns | undefined }) {
	const [differing, alike] = [true, false].map((differs) =>
		offered?.parameters.filter((one) => one.differs === differs),
	);
	const groups = [
		{ label: "Columns", names: own },
		{ label: "Metrics", names: offered?.metrics ?? [] },
		{ label: "Parameters that differ", names: differing?.map(({ name }) => name) ?? [] },
		{ label: "Other parameters", names: alike?.map(({ name }) => name) ?? [] },
	];
	return groups
		.filter(({ names }) => names.length > 0)
		.map(({ label, names }) => (
			<optgroup key={label} label={label}>
				{names.map((name) => (
					<option key={name} value={name}>
						{fieldTitle(name)}
					</option>
				))}
			</optgroup>
		));
}
