import { PanelSkeleton, Skeleton } from "@atelier/ui";

/** A shopper's page before it is there: heading, history, what was bought, and the first steps. */
export function ShopperSkeleton() {
	return (
		<div aria-busy className="min-w-0 space-y-4">
			<Skeleton className="h-6 w-64 max-w-full" />
			<PanelSkeleton lines={9} />
			<PanelSkeleton lines={4} />
			<PanelSkeleton lines={7} />
			<PanelSkeleton lines={8} />
		</div>
	);
}
