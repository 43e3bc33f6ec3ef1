"use client";
import { Button, ErrorState } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/trpc/client";
import { InspectedShopper } from "./inspected-shopper";
import type { WhatIf } from "./inspector-view";
import { ShopperSkeleton } from "./shopper-skeleton";

export interface ShopperViewProps {
	run: string;
	user: string;
	/** As the URL has it. */
	whatIf: WhatIf;
	onWhatIf: (whatIf: WhatIf) => void;
}

/** One shopper's recommendation, in the order of the method. */
export function ShopperView({ run, user, whatIf, onWhatIf }: ShopperViewProps) {
	const trpc = useTRPC();
	const query = useQuery(trpc.inspector.get.queryOptions({ run, user }));
	if (query.isPending) return <ShopperSkeleton />;
	if (query.isError) {
		return (
			<ErrorState
				title="This shopper could not be read."
				message={query.error.message}
				kept="Nothing was changed."
				actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
			/>
		);
	}
	return <InspectedShopper inspected={query.data} whatIf={whatIf} onWhatIf={onWhatIf} />;
}
