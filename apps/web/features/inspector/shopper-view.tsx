"use client";
import { Button, cn, ErrorState } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/trpc/client";
import { BesideSection } from "./beside-section";
import { InspectedShopper } from "./inspected-shopper";
import { UNCHANGED, type WhatIf } from "./inspector-view";
import { ShopperSkeleton } from "./shopper-skeleton";

export interface ShopperViewProps {
	run: string;
	user: string;
	/** A second run whose list of the shopper stands beside; empty for none. */
	beside: string;
	/** As the URL has it. */
	whatIf: WhatIf;
	onWhatIf: (whatIf: WhatIf) => void;
}

/** One shopper's recommendation, in the order of the method. */
export function ShopperView({ run, user, beside, whatIf, onWhatIf }: ShopperViewProps) {
	const trpc = useTRPC();
	const query = useQuery({ ...trpc.inspector.get.queryOptions({ run, user }), placeholderData: keepPreviousData });
	if (query.isPending) return <ShopperSkeleton />;
	if (query.isError) {
		return (
			<ErrorState
				title="This shopper could not be read."
				message={query.error.message}
				kept="Nothing was changed."
				advice="Choose a shopper from the list: it holds all that this run was tested with."
				actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
			/>
		);
	}
	const { data, isPlaceholderData } = query;
	return (
		// The shopper before stays until the next one is there, so that stepping through the list does not flicker.
		<div
			inert={isPlaceholderData}
			aria-busy={isPlaceholderData}
			className={cn("min-w-0 transition-opacity duration-150", isPlaceholderData && "opacity-60")}
		>
			<InspectedShopper
				key={`${data.run.id}/${data.user}`}
				inspected={data}
				whatIf={isPlaceholderData ? UNCHANGED : whatIf}
				onWhatIf={onWhatIf}
				beside={beside === "" ? null : <BesideSection inspected={data} run={beside} />}
			/>
		</div>
	);
}
