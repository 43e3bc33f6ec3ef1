"use client";
import { formatCount, formatDate, formatShare, KeyValue, Missing, Panel, Skeleton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/trpc/client";

/** What tells one log from another beyond its counts; computed from the files on first sight. */
export function ProfilePanel({ name }: { name: string }) {
	const trpc = useTRPC();
	const profile = useQuery({ ...trpc.datasets.profile.queryOptions({ name }), staleTime: Number.POSITIVE_INFINITY });
	const data = profile.data;
	return (
		<Panel title="How its shoppers behave">
			{profile.isPending ? (
				<div aria-busy className="space-y-4 py-2">
					{[1, 2, 3, 4, 5, 6, 7].map((row) => (
						<Skeleton key={row} className="w-full" />
					))}
				</div>
			) : null}
			{profile.isError ? <p className="text-sm text-failed">{profile.error.message}</p> : null}
			{data ? (
				<KeyValue
					entries={[
						{
							key: "Shoppers with a test purchase",
							title: "At least two purchases: the last one is held out",
							value: `${formatCount(data.usersWithTest)} (${formatShare(data.usersWithTest / Math.max(1, data.users))})`,
						},
						{
							key: "Clicks a purchase",
							value:
								data.clicksPerPurchase === null ? (
									<Missing reason="The log has no purchases." />
								) : (
									data.clicksPerPurchase.toFixed(1)
								),
						},
						{ key: "Distinct queries", value: formatCount(data.distinctQueries) },
						{ key: "Distinct items a shopper", value: data.itemsPerUser.toFixed(1) },
						{ key: "Interactions an item that has any", value: data.interactionsPerItem.toFixed(1) },
						{
							key: "Catalogue ever clicked or bought",
							value: formatShare(data.itemsInteracted / Math.max(1, data.items)),
						},
						{
							key: "Period",
							value:
								data.firstAt && data.lastAt ? (
									`${formatDate(data.firstAt)} – ${formatDate(data.lastAt)}`
								) : (
									<Missing reason="The log gives an order and no times." />
								),
						},
					]}
				/>
			) : null}
		</Panel>
	);
}
