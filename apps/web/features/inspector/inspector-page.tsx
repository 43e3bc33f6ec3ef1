"use client";
import { Button, EmptyState, ErrorState, PageHeader, Skeleton } from "@atelier/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Rocket, ScanSearch } from "lucide-react";
import Link from "next/link";
import { useUrlState } from "~/features/url-state";
import { useTRPC } from "~/trpc/client";
import { chooseRun } from "./choose-run";
import { inspectorViewCodec, UNCHANGED } from "./inspector-view";
import { RunPicker } from "./run-picker";
import { ShopperList, ShopperListSkeleton, useShoppers } from "./shopper-list";
import { ShopperSkeleton } from "./shopper-skeleton";
import { ShopperView } from "./shopper-view";

export function InspectorPage() {
	const trpc = useTRPC();
	const [view, update] = useUrlState(inspectorViewCodec);
	const query = useQuery({
		...trpc.inspector.runs.queryOptions({ run: view.run }),
		placeholderData: keepPreviousData,
	});
	const runs = query.data;
	const chosen = runs ? chooseRun(runs, view.run) : undefined;
	return (
		<>
			<PageHeader
				title="Inspector"
				description="One shopper's recommendation taken apart, and made again with another query or without some events."
			/>
			{query.isPending ? <InspectorSkeleton /> : null}
			{query.isError ? (
				<ErrorState
					title="The runs could not be read."
					message={query.error.message}
					kept="Nothing was changed."
					actions={<Button onClick={() => void query.refetch()}>Try again</Button>}
				/>
			) : null}
			{runs?.length === 0 ? (
				<EmptyState
					icon={ScanSearch}
					title="No run to inspect yet"
					action={
						<Button asChild variant="primary">
							<Link href="/launch">
								<Rocket /> Plan a launch
							</Link>
						</Button>
					}
				>
					Once a run succeeds, every test shopper's history, candidates, prompt, generation and lists stand here.
				</EmptyState>
			) : null}
			{runs && runs.length > 0 && chosen === undefined ? (
				<ErrorState
					title="This run cannot be inspected."
					message={`No succeeded run begins with "${view.run}".`}
					advice="It may have failed, be under way, or be gone."
					actions={
						<Button onClick={() => update({ ...UNCHANGED, run: "", user: "" }, { push: true })}>
							Inspect the newest run
						</Button>
					}
				/>
			) : null}
			{runs && chosen ? (
				<>
					<RunPicker
						runs={runs}
						chosen={chosen}
						isNamed={view.run !== ""}
						onChoose={(run) =>
							update(
								{
									...{ ...UNCHANGED, run: run.id },
									...(run.dataset !== chosen.dataset && { user: "", search: "", beside: "" }),
								},
								{ push: true },
							)
						}
					/>
					<Shoppers run={chosen.id} />
				</>
			) : null}
		</>
	);
}

/** The list of shoppers and the open one: by the URL, else the first. */
function Shoppers({ run }: { run: string }) {
	const [view, update] = useUrlState(inspectorViewCodec);
	const shoppers = useShoppers(run, view);
	const user = view.user || shoppers.data?.pages[0]?.[0]?.user;
	return (
		<div className="grid items-start gap-4 lg:grid-cols-[17rem_minmax(0,1fr)] lg:gap-6">
			<ShopperList
				shoppers={shoppers}
				search={view.search}
				order={view.order}
				user={user ?? ""}
				onChange={update}
				// The run is written down too: without it the link would follow the newest run.
				onChoose={(chosen) => update({ ...UNCHANGED, run, user: chosen }, { push: true })}
			/>
			{user ? (
				<ShopperView
					run={run}
					user={user}
					beside={view.beside}
					whatIf={{ query: view.query, drop: view.drop, n: view.n }}
					onWhatIf={(whatIf) => update({ ...whatIf, run, user }, { push: true })}
				/>
			) : shoppers.isPending ? (
				<ShopperSkeleton />
			) : null}
		</div>
	);
}

function InspectorSkeleton() {
	return (
		<>
			<div aria-hidden className="mb-4 flex flex-wrap gap-2">
				<Skeleton className="h-8 w-full sm:w-52" />
				<Skeleton className="h-8 w-full sm:w-80" />
			</div>
			<div className="grid items-start gap-4 lg:grid-cols-[17rem_minmax(0,1fr)] lg:gap-6">
				<div className="rounded-md border bg-surface p-1.5">
					<ShopperListSkeleton />
				</div>
				<ShopperSkeleton />
			</div>
		</>
	);
}
