import { markdownTable } from "markdown-table";
import { csvRow } from "../text/csv";
import { markdownText } from "../text/markdown";
import { renderLatex } from "./latex-table";
import { WARNING_MARK } from "./run-warnings";

export interface GridCell {
	text: string;
	/** Best of its column. */
	bold?: boolean;
	/** Second best. */
	underline?: boolean;
	/** How significant a difference is, as `**`. */
	mark?: string;
	/** What a reader of this figure has to know: marked here, said in a note. */
	warnings?: readonly string[];
}

/** A head over several columns. */
export interface GridGroup {
	title: string;
	span: number;
}

/** A table ready to be written in any format; the first column names the rows. */
export interface Grid {
	/** What a document calls the table: `table2`. */
	name?: string;
	caption: string;
	columns: string[];
	/** Heads over all columns but the first, in a document. */
	groups?: GridGroup[];
	rows: GridCell[][];
	/** Places of the rows that have a rule above them in a document. */
	rules?: number[];
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
	const mark = ({ text, bold, underline, warnings = [] }: GridCell) => {
		const escaped = markdownText(text);
		const shown = bold ? `**${escaped}**` : underline ? `_${escaped}_` : escaped;
		return warnings.length > 0 ? `${shown} ${WARNING_MARK}` : shown;
	};
	const table = markdownTable([columns.map(markdownText), ...rows.map((row) => row.map(mark))], {
		align: columns.map((_, i) => (i === 0 ? "l" : "r")),
	});
	return [`${markdownText(caption)}\n`, table, ...notes.map((note) => `\n${markdownText(note)}`), ""].join("\n");
}

/** CSV has no room for notes, so warnings stand in a last column of their own, where there are any. */
function renderCsv({ columns, rows }: Grid): string {
	const said = rows.map((row) => [...new Set(row.flatMap(({ warnings }) => warnings ?? []))].join("; "));
	const isWarned = said.some((text) => text !== "");
	return [
		[...columns, ...(isWarned ? ["Warnings"] : [])],
		...rows.map((row, i) => [...row.map((cell) => cell.text), ...(isWarned ? [said[i] ?? ""] : [])]),
	]
		.map(csvRow)
		.join("");
}
