import { markdownTable } from "markdown-table";

export interface GridCell {
	text: string;
	/** Best of its column. */
	bold?: boolean;
	/** Second best. */
	underline?: boolean;
}

/** A table ready to be written in any format; the first column names the rows. */
export interface Grid {
	caption: string;
	columns: string[];
	rows: GridCell[][];
	/** Sentences under the table: what is synthetic, what is the paper's. */
	notes: string[];
}

export const GRID_FORMATS = ["md", "csv", "latex"] as const;
export type GridFormat = (typeof GRID_FORMATS)[number];

export function renderGrid(grid: Grid, format: GridFormat): string {
	switch (format) {
		case "md":
			return renderMarkdown(grid);
		case "csv":
			return renderCsv(grid);
		case "latex":
			return renderLatex(grid);
	}
}

function renderMarkdown({ caption, columns, rows, notes }: Grid): string {
	const mark = ({ text, bold, underline }: GridCell) => (bold ? `**${text}**` : underline ? `_${text}_` : text);
	const table = markdownTable([columns, ...rows.map((row) => row.map(mark))], {
		align: columns.map((_, i) => (i === 0 ? "l" : "r")),
	});
	return [`${caption}\n`, table, ...notes.map((note) => `\n${note}`), ""].join("\n");
}

function renderCsv({ columns, rows }: Grid): string {
	const quote = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
	return [columns, ...rows.map((row) => row.map((cell) => cell.text))]
		.map((row) => `${row.map(quote).join(",")}\n`)
		.join("");
}

const LATEX_SPECIAL: Record<string, string> = {
	"\\": "\\textbackslash{}",
	"~": "\\textasciitilde{}",
	"^": "\\textasciicircum{}",
	"–": "--",
	"×": "$\\times$",
	"±": "$\\pm$",
	Δ: "$\\Delta$",
	"<": "$<$",
};
const escapeLatex = (text: string) =>
	text.replace(/[\\~^–×±Δ<]|[&%$#_{}]/g, (character) => LATEX_SPECIAL[character] ?? `\\${character}`);

/** A booktabs table, as papers set them. */
function renderLatex({ caption, columns, rows, notes }: Grid): string {
	const mark = ({ text, bold, underline }: GridCell) => {
		const escaped = escapeLatex(text);
		return bold ? `\\textbf{${escaped}}` : underline ? `\\underline{${escaped}}` : escaped;
	};
	return [
		"\\begin{table}[t]",
		"\\centering",
		`\\caption{${escapeLatex([caption, ...notes].join(" "))}}`,
		`\\begin{tabular}{l${"r".repeat(columns.length - 1)}}`,
		"\\toprule",
		`${columns.map(escapeLatex).join(" & ")} \\\\`,
		"\\midrule",
		...rows.map((row) => `${row.map(mark).join(" & ")} \\\\`),
		"\\bottomrule",
		"\\end{tabular}",
		"\\end{table}",
		"",
	].join("\n");
}
