"use client";
import { ErrorState, formatMetric, formatShare, KeyValue, Missing, PanelSkeleton } from "@atelier/ui";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "~/trpc/client";
import { CharacteristicCard } from "./characteristic-card";
import type { AttributeDemand } from "./characteristics-types";
import { ComparisonStrip } from "./comparison-strip";
import { LiftChart } from "./lift-chart";
import { PlainBars } from "./plain-bars";
import { prepareCompared, prepareNewProducts, prepareQueries, prepareUnseen } from "./prepare-bars";
import { comparisonWords, demandWords, queryWords, turnoverWords } from "./prepare-words";

/** The paper's four characteristics of fashion (section 3) on one dataset, and the others beside it. */
export function CharacteristicsTab({ name }: { name: string }) {
	const trpc = useTRPC();
	const query = useQuery({
		...trpc.datasets.characteristics.queryOptions({ name }),
		staleTime: Number.POSITIVE_INFINITY,
	});
	if (query.isPending) return <CharacteristicsSkeleton />;
	if (query.isError) {
		return (
			<ErrorState
				title="The characteristics could not be measured."
				message={query.error.message}
				kept="The dataset is as it was."
			/>
		);
	}
	const { turnover, comparisons, attributeDriven, queryDiversity, queriesDerived } = query.data;
	const reasonOf = (part: { available: boolean } | { available: false; reason: string }) =>
		"reason" in part ? `Not available, because ${part.reason}` : "Too few purchases a month to draw.";
	return (
		<div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-2">
			<CharacteristicCard words={turnoverWords(turnover)}>
				<div className="space-y-5">
					<PlainBars
						chart={prepareNewProducts(turnover)}
						title="New products by month"
						emptyText={reasonOf(turnover.newProducts)}
						name={`c1-new-products-${name}`}
						height={160}
					/>
					<PlainBars
						chart={prepareUnseen(turnover)}
						title="Test purchases unseen in training, by month"
						emptyText={reasonOf(turnover.unseen)}
						name={`c1-unseen-${name}`}
						height={130}
					/>
				</div>
			</CharacteristicCard>
			<CharacteristicCard words={comparisonWords(comparisons)}>
				<PlainBars
					chart={prepareCompared(comparisons)}
					title="Purchases by products compared before them"
					emptyText={reasonOf(comparisons.compared)}
					name={`c2-compared-${name}`}
					height={214}
					axis="products compared"
				/>
				{comparisons.compared.available ? (
					<KeyValue
						className="mt-3"
						entries={[
							{
								key: "Of the same family as the one bought",
								value: <ShareOrReason share={comparisons.compared.sameFamily} what="families" />,
							},
							{
								key: "Of the same category",
								value: <ShareOrReason share={comparisons.compared.sameCategory} what="categories" />,
							},
						]}
					/>
				) : null}
			</CharacteristicCard>
			<CharacteristicCard words={demandWords(attributeDriven)} className="lg:col-span-2">
				{attributeDriven.available ? (
					<div className="gap-x-8 lg:columns-2">
						{inColumns(attributeDriven.attributes).map((demand) => (
							<div key={demand.attribute} className="mb-5 break-inside-avoid">
								<LiftChart demand={demand} name={`c3-${demand.attribute}-${name}`} />
							</div>
						))}
					</div>
				) : null}
			</CharacteristicCard>
			<CharacteristicCard words={queryWords(queryDiversity, queriesDerived)} className="lg:col-span-2">
				<div className="grid grid-cols-[minmax(0,1fr)] items-start gap-8 lg:grid-cols-2">
					<PlainBars
						chart={prepareQueries(queryDiversity)}
						title="Unique queries a day, by month"
						emptyText={reasonOf(queryDiversity.available ? queryDiversity.perDay : queryDiversity)}
						name={`c4-queries-${name}`}
						height={180}
					/>
					{queryDiversity.available ? (
						<KeyValue
							entries={[
								{ key: "Unique queries / searches", value: formatShare(queryDiversity.distinctShare) },
								{
									key: "Unique queries a purchase",
									value:
										queryDiversity.distinctPerPurchase === null ? (
											<Missing reason="The log has no purchases." />
										) : (
											formatMetric(queryDiversity.distinctPerPurchase)
										),
								},
								{ key: "Unique queries a shopper", value: formatMetric(queryDiversity.distinctPerUser) },
								{
									key: "Searches that another shopper typed too",
									value: formatShare(queryDiversity.sharedBetweenUsers),
								},
							]}
						/>
					) : null}
				</div>
			</CharacteristicCard>
			<ComparisonStrip name={name} className="lg:col-span-2" />
		</div>
	);
}

/** The longest last, so that the two short charts share the first column. */
function inColumns(attributes: readonly AttributeDemand[]): AttributeDemand[] {
	return [...attributes].sort((a, b) => a.rows.length - b.rows.length);
}

function ShareOrReason({ share, what }: { share: number | null; what: string }) {
	return share === null ? <Missing reason={`The catalogue names no ${what}.`} /> : formatShare(share);
}

function CharacteristicsSkeleton() {
	return (
		<div aria-busy className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-2">
			<PanelSkeleton lines={3} className="h-[30rem]" />
			<PanelSkeleton lines={3} className="h-[30rem]" />
			<PanelSkeleton lines={3} className="h-96 lg:col-span-2" />
			<PanelSkeleton lines={3} className="h-72 lg:col-span-2" />
		</div>
	);
}
