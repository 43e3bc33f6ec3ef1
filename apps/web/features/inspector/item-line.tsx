import { Badge, cn, Missing } from "@atelier/ui";
import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { ItemAttributes } from "~/features/datasets/item-attributes";
import { Shown } from "~/features/text/shown";
import type { Item } from "./inspector-types";

/** Says that this is what the shopper bought next; a word and an icon, never colour alone. */
export function TruthBadge({ className }: { className?: string }) {
	return (
		<Badge
			tone="good"
			className={className}
			icon={<Check aria-hidden />}
			title="The ground truth: what the shopper bought next."
		>
			bought
		</Badge>
	);
}

export interface ItemLineProps {
	item: Item;
	/** 1-based place in its list. */
	place?: number;
	/** It is the ground truth. */
	truth: boolean;
	/** On the right: where it came from. */
	meta?: ReactNode;
	/** Attributes under the title. */
	detailed?: boolean;
}

/** One product of a list. */
export function ItemLine({ item, place, truth, meta, detailed = false }: ItemLineProps) {
	return (
		<li className={cn("flex gap-2 rounded-sm px-2 py-1.5 text-sm", truth && "bg-succeeded-soft")}>
			{place === undefined ? null : (
				<span className="w-5 shrink-0 text-right text-ink-faint tabular-nums">{place}</span>
			)}
			<span className="min-w-0 flex-1">
				<ItemTitle item={item} />
				{truth ? (
					<>
						{" "}
						<TruthBadge className="px-0" />
					</>
				) : null}
				{detailed ? (
					<span className="block text-xs">
						<ItemAttributes attributes={item.attributes} />
					</span>
				) : null}
			</span>
			{meta ? <span className="flex shrink-0 items-start gap-1.5 text-xs text-ink-faint">{meta}</span> : null}
		</li>
	);
}

export function ItemTitle({ item }: { item: Item }) {
	if (item.title !== "")
		return (
			<span className="break-words">
				<Shown>{item.title}</Shown>
			</span>
		);
	return item.itemKey === "" ? (
		<span className="text-ink-muted">
			no product <span className="font-mono text-xs">{item.itemId}</span>
		</span>
	) : (
		<span>
			<span className="font-mono text-xs">
				<Shown>{item.itemKey}</Shown>
			</span>{" "}
			<Missing reason="The source gives this product no title." />
		</span>
	);
}
