import { visibleText } from "@atelier/core";
import { Shown } from "~/features/text/shown";
/** An item's attributes as small words, in the source's order. */
export function ItemAttributes({ attributes }: { attributes: Record<string, string> }) {
	const entries = Object.entries(attributes).filter(([, value]) => value !== "");
	if (entries.length === 0) return null;
	return (
		<span className="text-ink-faint">
			{entries.map(([name, value], index) => (
				<span key={name} title={visibleText(name)}>
					{index > 0 ? " · " : ""}
					<Shown>{value}</Shown>
				</span>
			))}
		</span>
	);
}
