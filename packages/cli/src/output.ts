import { markdownTable } from "markdown-table";

export function print(text: string): void {
	process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** One JSON document, for programs. */
export function printJson(value: unknown): void {
	print(JSON.stringify(value, null, 2));
}

/** A table for people: columns padded, numbers to the right. */
export function printTable(columns: string[], rows: (string | number | null | undefined)[][]): void {
	const right = columns.map((_, i) => rows.some((row) => typeof row[i] === "number"));
	const text = rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? "–" : format(cell))));
	const table = markdownTable([columns, ...text], {
		align: right.map((isRight) => (isRight ? "r" : "l")),
		delimiterStart: false,
		delimiterEnd: false,
	});
	print(
		table
			.split("\n")
			.map((line) => line.trimEnd())
			.join("\n"),
	);
}

const format = (cell: string | number) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell);

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
		show(step: string, detail: string) {
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
