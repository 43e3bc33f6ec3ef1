import { methodTitle } from "@atelier/core";
import { Select } from "@atelier/ui";

export interface ReferenceSelectProps {
	/** Empty for ours. */
	reference: string;
	methods: readonly string[];
	onReference: (reference: string) => void;
}

/** The method that all others are compared with. */
export function ReferenceSelect({ reference, methods, onReference }: ReferenceSelectProps) {
	const offered = reference === "" || methods.includes(reference) ? methods : [reference, ...methods];
	return (
		<Select
			aria-label="Reference"
			className="w-48"
			value={reference}
			onChange={({ target }) => onReference(target.value)}
		>
			<option value="">{methods.length === 0 || methods.includes("ours") ? "against Ours" : "no reference"}</option>
			{offered
				.filter((method) => method !== "ours")
				.map((method) => (
					<option key={method} value={method}>
						{`against ${methodTitle(method)}`}
					</option>
				))}
		</Select>
	);
}
