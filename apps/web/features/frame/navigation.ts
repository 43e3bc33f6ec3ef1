import {
	Blocks,
	ChartSpline,
	Database,
	Gauge,
	GitCompareArrows,
	History,
	Layers,
	type LucideIcon,
	Rocket,
	Rows3,
	ScanSearch,
	Server,
} from "lucide-react";

export interface NavigationEntry {
	href: string;
	label: string;
	icon: LucideIcon;
	/** For the command palette: what the page is for. */
	note: string;
}
export interface NavigationGroup {
	label: string;
	entries: readonly NavigationEntry[];
}

/** The pages of this version, by who uses them. */
export const NAVIGATION: readonly NavigationGroup[] = [
	{
		label: "Results",
		entries: [
			{ href: "/", label: "Overview", icon: Gauge, note: "what is running, what is new" },
			{ href: "/benchmark", label: "Benchmark", icon: Rows3, note: "methods × datasets, beside the paper" },
			{
				href: "/ablations",
				label: "Ablations",
				icon: Blocks,
				note: "Table 3: parts taken out, differences to the whole",
			},
			{
				href: "/figures",
				label: "Figures",
				icon: ChartSpline,
				note: "Figures 4 to 6: cold start, zero-shot, low resource",
			},
			{
				href: "/slices",
				label: "Slices",
				icon: Layers,
				note: "all methods over the values of one attribute",
			},
			{
				href: "/compare",
				label: "Compare",
				icon: GitCompareArrows,
				note: "two to ten runs, shopper by shopper",
			},
		],
	},
	{
		label: "Explore",
		entries: [
			{ href: "/inspector", label: "Inspector", icon: ScanSearch, note: "one shopper's recommendation, taken apart" },
			{ href: "/datasets", label: "Datasets", icon: Database, note: "import, statistics, items and shoppers" },
		],
	},
	{
		label: "Work",
		entries: [
			{ href: "/launch", label: "Launch", icon: Rocket, note: "plan a comparison and start it" },
			{ href: "/runs", label: "Runs", icon: History, note: "stages, curves, logs" },
			{ href: "/hosts", label: "Hosts", icon: Server, note: "where stages run: GPUs, what runs and waits there" },
		],
	},
];

/** Whether the entry's page, or one under it, is open. */
export function isOpen(entry: Pick<NavigationEntry, "href">, pathname: string): boolean {
	return entry.href === "/" ? pathname === "/" : pathname === entry.href || pathname.startsWith(`${entry.href}/`);
}

export interface Crumb {
	label: string;
	/** Absent on the page itself. */
	href?: string;
	/** An id, set in the mono face. */
	mono?: boolean;
}

/** The way to a page: its entry, then what it shows. */
export function crumbsOf(pathname: string): Crumb[] {
	const entry = NAVIGATION.flatMap((group) => group.entries).find((candidate) => isOpen(candidate, pathname));
	if (entry === undefined) return [];
	const rest = pathname.slice(entry.href.length).split("/").filter(Boolean).map(decodeURIComponent);
	if (rest.length === 0 || entry.href === "/") return [{ label: entry.label }];
	return [
		{ label: entry.label, href: entry.href },
		...rest.map((label) => ({ label: entry.href === "/runs" ? shortId(label) : label, mono: entry.href === "/runs" })),
	];
}

/** The beginning of an id: enough to tell runs apart, and what the command line takes for the whole. */
export function shortId(id: string): string {
	return id.length > 14 ? id.slice(0, 8) : id;
}
