import { METHOD_IDS, METHODS } from "../planning/methods";
import { LOW_RESOURCE_RATIOS, settingName } from "../planning/settings";
import { FULL_VARIANT, TABLE_3_VARIANTS } from "../planning/variants";
import { FIGURES } from "./figures";

/** A run that succeeded or is under way, by what it fills. */
export interface LedgerRun {
	/** Waits or runs: its cell is not filled yet. */
	isUnderWay?: boolean;
	dataset: string;
	/** Whether that dataset has searches; methods that need them are not asked for where it has none. */
	hasSearches: boolean;
	preset: string;
	method: string;
	variant: string;
	setting: string;
}

/** How far a table or figure of the paper is filled. */
export interface LedgerRow {
	id: "table2" | "table3" | "figure4" | "figure5" | "figure6";
	title: string;
	subject: string;
	/** Cells that have a run, of those that the datasets below ask for; a table's columns count once for all metrics. */
	filled: number;
	cells: number;
	/** Of the others, those for which a run waits or runs. */
	underWay: number;
	/** Datasets on which something of it was measured or is under way. */
	datasets: number;
}

type Cell = Pick<LedgerRun, "method" | "variant" | "setting">;

interface Artefact extends Pick<LedgerRow, "id" | "title" | "subject"> {
	/** Whether a run is there for its sake: a run of another one, such as Table 2's, asks for nothing. */
	opens: (run: LedgerRun) => boolean;
	/** Whether only runs of one preset stand beside each other in it. */
	ofOnePreset: boolean;
	/** Its cells on a dataset of which such a run was found. */
	cells: (run: LedgerRun) => Cell[];
}

const NEEDS_SEARCHES: ReadonlySet<string> = new Set(METHODS.filter((one) => one.needsQueries).map(({ id }) => id));

const whole = { variant: FULL_VARIANT, setting: "full" };

/** A figure of one setting (or of those that begin so), with the same methods in each. */
function ofSetting(
	id: LedgerRow["id"],
	title: string,
	subject: string,
	{ setting: beginning, methods }: { setting: string; methods: readonly string[] },
): Artefact {
	return {
		id,
		title,
		subject,
		ofOnePreset: true,
		opens: ({ variant, setting }) => variant === FULL_VARIANT && setting.startsWith(beginning),
		cells: ({ setting }) => methods.map((method) => ({ method, variant: FULL_VARIANT, setting })),
	};
}

const ARTEFACTS: readonly Artefact[] = [
	{
		id: "table2",
		title: "Table 2",
		subject: "the comparison",
		ofOnePreset: false,
		opens: ({ variant, setting }) => variant === whole.variant && setting === whole.setting,
		cells: () => METHOD_IDS.map((method) => ({ method, ...whole })),
	},
	{
		id: "table3",
		title: "Table 3",
		subject: "ablations",
		ofOnePreset: true,
		// A search over hyperparameters names its runs by their values: those are no ablations.
		opens: ({ method, variant, setting }) =>
			method === "ours" && setting === "full" && variant !== FULL_VARIANT && !variant.includes("="),
		cells: () => TABLE_3_VARIANTS.map(({ id }) => ({ method: "ours", variant: id, setting: "full" })),
	},
	ofSetting("figure4", "Figure 4", "cold start", { setting: "cold-start", methods: FIGURES[4].methods }),
	// Its cells are asked for once for each dataset trained on, which the setting names.
	ofSetting("figure5", "Figure 5", "zero-shot", { setting: "zero-shot(", methods: FIGURES[5].methods }),
	{
		id: "figure6",
		title: "Figure 6",
		subject: "low resource",
		ofOnePreset: true,
		opens: ({ variant, setting }) => variant === FULL_VARIANT && setting.startsWith("low-resource("),
		cells: () =>
			FIGURES[6].methods.flatMap((method) =>
				LOW_RESOURCE_RATIOS.map((ratio) => {
					const setting = settingName({ kind: "low-resource", ratio });
					return { method, variant: FULL_VARIANT, setting };
				}),
			),
	},
];

/**
 * The paper's tables and figures and how far succeeded runs fill them, and what is under way for the rest. Where runs of two presets do not stand beside each
 * other, the preset counts that fills most of a dataset's cells. Protocols are not told apart, as the pages do.
 */
export function paperLedger(runs: readonly LedgerRun[]): LedgerRow[] {
	return ARTEFACTS.map(({ id, title, subject, opens, ofOnePreset, cells }) => {
		const opened = runs.filter(opens);
		const counts = [...new Set(opened.map(({ dataset }) => dataset))].map((dataset) => {
			const possible = (run: LedgerRun) =>
				cells(run).filter(({ method }) => run.hasSearches || !NEEDS_SEARCHES.has(method));
			const wanted = new Set(
				opened
					.filter((run) => run.dataset === dataset)
					.flatMap(possible)
					.map(keyOf),
			);
			const own = runs.filter((run) => run.dataset === dataset);
			const presets = ofOnePreset ? [...new Set(own.map(({ preset }) => preset))] : [null];
			const counted = presets.map((preset) => {
				const ofPreset = own.filter((run) => preset === null || run.preset === preset);
				const measured = new Set(ofPreset.filter((run) => !run.isUnderWay).map(keyOf));
				const open = new Set(ofPreset.filter((run) => run.isUnderWay).map(keyOf));
				const filled = [...wanted].filter((cell) => measured.has(cell)).length;
				return { filled, underWay: [...wanted].filter((cell) => open.has(cell) && !measured.has(cell)).length };
			});
			const [best] = counted.sort((a, b) => b.filled - a.filled || b.underWay - a.underWay);
			return { filled: best?.filled ?? 0, underWay: best?.underWay ?? 0, cells: wanted.size };
		});
		return {
			id,
			title,
			subject,
			filled: counts.reduce((sum, { filled }) => sum + filled, 0),
			cells: counts.reduce((sum, { cells }) => sum + cells, 0),
			underWay: counts.reduce((sum, { underWay }) => sum + underWay, 0),
			datasets: counts.length,
		};
	});
}

function keyOf({ method, variant, setting }: Cell): string {
	return `${method} ${variant} ${setting}`;
}
