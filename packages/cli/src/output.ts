import { visibleJson, visibleLines, visibleText } from "@atelier/core";

// Everything that a command says passes here, since titles, ids, queries and messages come from outside: nothing in
// them may move a terminal's cursor, rename its window, write its clipboard or turn the reading direction.

export function print(text: string): void {
	process.stdout.write(ended(visibleLines(text)));
}

/** One JSON document, for programs. */
export function printJson(value: unknown): void {
	process.stdout.write(ended(visibleJson(value, 2)));
}

/** What is said beside the output, which may go straight into a file or a program. */
export function note(text: string): void {
	process.stderr.write(ended(visibleLines(text)));
}

const ended = (text: string) => (text.endsWith("\n") ? text : `${text}\n`);

const GAP = "  ";
const widthOf = (text: string) => Array.from(text).length;

/** A table for people: columns padded, numbers to the right, the last column cut where a terminal would wrap it. */
export function printTable(names: string[], rows: (string | number | null | undefined)[][]): void {
	const columns = names.map(visibleText);
	const right = columns.map((_, i) => rows.some((row) => typeof row[i] === "number"));
	const text = rows.map((row) => columns.map((_, i) => format(row[i])));
	const widths = columns.map((name, i) => Math.max(widthOf(name), ...text.map((row) => widthOf(row[i] ?? ""))));
	const line = (cells: string[]) =>
		cells
			.map((cell, i) => {
				const padding = " ".repeat(Math.max(0, (widths[i] ?? 0) - widthOf(cell)));
				return right[i] ? padding + cell : cell + padding;
			})
			.join(GAP);
	const rule = widths.map((width) => "─".repeat(width));
	print([line(columns), line(rule), ...text.map(line)].map((whole) => cut(whole.trimEnd())).join("\n"));
}

/** To the width of the terminal; what goes into a file or a pipe stays whole. */
function cut(line: string): string {
	const { columns } = process.stdout;
	if (!process.stdout.isTTY || widthOf(line) <= columns) return line;
	return `${Array.from(line)
		.slice(0, columns - 1)
		.join("")}…`;
}

function format(cell: string | number | null | undefined): string {
	if (cell === null || cell === undefined) return "–";
	return typeof cell === "number" ? cell.toLocaleString("en-US") : visibleText(cell);
}

/** As much of a run's id as tells runs apart; every command takes the beginning of one. */
export const shortId = (id: string): string => id.slice(0, 8);

export function duration(ms: number): string {
	const seconds = Math.round(ms / 1000);
	if (seconds < 60) return `${seconds} s`;
	const minutes = Math.floor(seconds / 60);
	return minutes < 60 ? `${minutes} m ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/**
 * One line on stderr that is rewritten on a terminal, and written anew only when its `step` changes elsewhere, so that
 * a log keeps one line of progress a step.
 */
export function progressLine() {
	let last = "";
	return {
		show(rawStep: string, rawDetail: string) {
			const [step, detail] = [visibleText(rawStep), visibleText(rawDetail)];
			if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${step} ${detail}`);
			else if (step !== last) process.stderr.write(`${step}\n`);
			last = step;
		},
		end() {
			if (process.stderr.isTTY && last !== "") process.stderr.write("\r\u001b[K");
		},
	};
}

export function bar(done: number, total: number): string {
	const width = 24;
	const filled = Math.round((Math.min(done, total) / Math.max(total, 1)) * width);
	return `${"█".repeat(filled)}${"░".repeat(width - filled)} ${done.toLocaleString("en-US")} / ${total.toLocaleString("en-US")}`;
}
