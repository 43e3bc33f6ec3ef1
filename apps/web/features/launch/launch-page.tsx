"use client";
import { Button, EmptyState, ErrorState, formatPlural, PageHeader, PanelSkeleton, useToast } from "@atelier/ui";
import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Database } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useUrlState } from "~/features/url-state";
import { useTRPC } from "~/trpc/client";
import { LaunchButtons } from "./launch-buttons";
import { LaunchForm } from "./launch-form";
import { LaunchPlan } from "./launch-plan";
import { launchViewCodec, prepareLaunch } from "./launch-view";

export function LaunchPage() {
	const trpc = useTRPC();
	const router = useRouter();
	const toast = useToast();
	const queryClient = useQueryClient();
	const [view, update] = useUrlState(launchViewCodec);
	const suites = useQuery(trpc.suites.list.queryOptions());
	const datasets = useQuery({
		...trpc.datasets.list.queryOptions(),
		refetchInterval: ({ state }) => (state.data?.some(({ status }) => status === "importing") ? 2_000 : false),
	});
	const hosts = useQuery({ ...trpc.hosts.list.queryOptions(), refetchInterval: 15_000 });
	const suite = suites.data?.suites.find(({ name }) => name === view.suite) ?? widest(suites.data?.suites ?? []);
	const prepared = prepareLaunch(view, suite?.name);
	const request = prepared && "request" in prepared ? prepared.request : null;
	const plan = useQuery({
		...trpc.launch.plan.queryOptions(request ?? skipToken),
		placeholderData: keepPreviousData,
		retry: false,
	});
	const launch = useMutation(
		trpc.launch.create.mutationOptions({
			onSuccess: ({ launchId, runIds }) => {
				toast({ title: `Launched ${formatPlural(runIds.length, "run")}` });
				void queryClient.invalidateQueries(trpc.runs.pathFilter());
				router.push(`/runs?launch=${launchId}`);
			},
		}),
	);
	if (suites.isError || datasets.isError) {
		return (
			<ErrorState
				title="What can be launched could not be read."
				message={suites.error?.message ?? datasets.error?.message}
				advice="Correct the file that the message names; suite files are read anew each time."
				actions={<Button onClick={() => void Promise.all([suites.refetch(), datasets.refetch()])}>Try again</Button>}
			/>
		);
	}
	const ready = request !== null && plan.data !== undefined && !plan.isError;
	const isRefused = ready && plan.data.refusals.length > 0;
	const runs = ready ? plan.data.totals.runs : 0;
	return (
		<>
			<PageHeader
				title="Launch"
				description="Choose what to compare. The plan shows which stages are already there and which have to run."
				actions={
					<LaunchButtons
						runs={runs}
						repeated={ready ? plan.data.repeated.runs : 0}
						disabled={!ready || isRefused || plan.isPlaceholderData}
						busy={launch.isPending}
						onLaunch={(onlyMissing) => request && launch.mutate({ ...request, onlyMissing })}
					/>
				}
			/>
			{launch.isError ? (
				<ErrorState
					className="mb-5"
					title="Nothing was launched."
					message={launch.error.message}
					kept="The form keeps what you chose."
				/>
			) : null}
			{suites.isPending || datasets.isPending ? <LaunchSkeleton /> : null}
			{suites.data && datasets.data && suite ? (
				datasets.data.length === 0 ? (
					<EmptyState
						icon={Database}
						title="There is nothing to launch on yet"
						action={
							<Button asChild variant="primary">
								<Link href="/datasets">Go to Datasets</Link>
							</Button>
						}
					>
						A launch needs a dataset. Import a log, or make the sample data.
					</EmptyState>
				) : (
					<div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[22rem_minmax(0,1fr)]">
						<LaunchForm
							view={view}
							suite={suite}
							catalogue={suites.data}
							datasets={datasets.data}
							hosts={hosts.data ?? []}
							errors={prepared && "errors" in prepared ? prepared.errors : {}}
							onChange={update}
						/>
						<LaunchPlan
							plan={request ? plan.data : undefined}
							error={request ? (plan.error?.message ?? null) : null}
							stale={plan.isPlaceholderData || plan.isFetching}
							waiting={request !== null && plan.isPending}
						/>
					</div>
				)
			) : null}
		</>
	);
}

/** The comparison of most methods is what most people come for; a suite of several parts takes long and is chosen. */
function widest<Suite extends { methods: readonly string[]; parts: readonly unknown[] }>(
	suites: readonly Suite[],
): Suite | undefined {
	return [...suites].sort((a, b) => a.parts.length - b.parts.length || b.methods.length - a.methods.length)[0];
}

function LaunchSkeleton() {
	return (
		<div aria-busy className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[22rem_minmax(0,1fr)]">
			<PanelSkeleton lines={10} className="h-[32rem]" />
			<PanelSkeleton lines={10} className="h-[32rem]" />
		</div>
	);
}
