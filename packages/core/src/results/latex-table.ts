import { latexText } from "../text/latex";
import type { Grid, GridCell, GridGroup } from "./grid";

/** Tables with more columns than this take both columns of a page. */
const MOST_IN_A_COLUMN = 5;

/** A booktabs table, as papers set them. It needs nothing else, and compiles in any class and encoding. */
export function renderLatex({
	name = "results",
	caption,
	columns,
	groups = [],
	rows,
	rules = [],
	notes,
}: Grid): string {
	const environment = columns.length > MOST_IN_A_COLUMN ? "table*" : "table";
	return [
		"% In the preamble: \\usepackage{booktabs}",
		`\\begin{${environment}}[t]`,
		"\\centering",
		`\\caption{${latexText([caption, ...notes].join(" "))}}`,
		`\\label{tab:${labelOf(name)}}`,
		"\\footnotesize",
		"\\setlength{\\tabcolsep}{3pt}",
		`\\begin{tabular}{@{}l${"r".repeat(columns.length - 1)}@{}}`,
		"\\toprule",
		...groupedHead(groups),
		`${columns.map(latexText).join(" & ")} \\\\`,
		"\\midrule",
		...rows.flatMap((row, place) => [
			...(rules.includes(place) ? ["\\midrule"] : []),
			`${row.map(cellText).join(" & ")} \\\\`,
		]),
		"\\bottomrule",
		"\\end{tabular}",
		`\\end{${environment}}`,
		"",
	].join("\n");
}

/** One head over each group of columns, with a rule under each. */
function groupedHead(groups: readonly GridGroup[]): string[] {
	if (groups.length === 0) return [];
	let next = 2;
	const rules = groups.map(({ span }) => {
		const rule = `\\cmidrule(lr){${next}-${next + span - 1}}`;
		next += span;
		return rule;
	});
	const heads = groups.map(({ title, span }) => `\\multicolumn{${span}}{c}{${latexText(title)}}`);
	return [` & ${heads.join(" & ")} \\\\`, rules.join(" ")];
}

function cellText({ text, bold, underline, mark = "", warnings = [] }: GridCell): string {
	const escaped = latexText(text);
	const shown = bold ? `\\textbf{${escaped}}` : underline ? `\\underline{${escaped}}` : escaped;
	const above = `${mark}${warnings.length > 0 ? "\\dagger" : ""}`;
	return above === "" ? shown : `${shown}$^{${above}}$`;
}

/** What `\\ref` takes: no special characters. */
function labelOf(name: string): string {
	return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
