import type { DuckDBAppender } from "@duckdb/node-api";

/** How a column is handed over and stored. Lists travel as text: element by element they cost twenty times as much. */
const COLUMN_KINDS = {
	integer: { raw: "INTEGER", read: (name: string) => name },
	double: { raw: "DOUBLE", read: (name: string) => name },
	text: { raw: "VARCHAR", read: (name: string) => name },
	flag: { raw: "BOOLEAN", read: (name: string) => name },
	integers: { raw: "VARCHAR", read: (name: string) => listOf(name, "INTEGER") },
	doubles: { raw: "VARCHAR", read: (name: string) => listOf(name, "DOUBLE") },
	/** Words without commas. */
	words: { raw: "VARCHAR", read: (name: string) => listOf(name, "VARCHAR") },
} as const;
export type ColumnKind = keyof typeof COLUMN_KINDS;

function listOf(name: string, type: string): string {
	return `CASE WHEN ${name} = '' THEN []::${type}[] ELSE string_split(${name}, ',')::${type}[] END`;
}

/** SQL for the table that a writer fills, and for the one that is made of it; columns by name. */
export function writtenTable(table: string, columns: Record<string, ColumnKind>) {
	const raw = `${table}_raw`;
	const entries = Object.entries(columns);
	const stored = entries.map(([name, kind]) => `${name} ${COLUMN_KINDS[kind].raw}`).join(", ");
	const read = entries.map(([name, kind]) => `${COLUMN_KINDS[kind].read(name)} AS ${name}`).join(", ");
	return {
		raw,
		create: `CREATE TABLE ${raw} (${stored})`,
		finish: [`CREATE TABLE ${table} AS SELECT ${read} FROM ${raw}`, `DROP TABLE ${raw}`],
	};
}

/** Rows between two flushes. */
const FLUSH_EVERY = 20_000;

/** What a cell may hold; the column's kind says how it is stored. */
export type CellValue = null | boolean | number | string | readonly number[] | readonly string[];

/** Appends rows to a new table; `DuckDb.writer` makes one. */
export class RowWriter {
	private pending = 0;

	constructor(
		private readonly appender: DuckDBAppender,
		private readonly kinds: readonly ColumnKind[],
		private readonly finish: () => Promise<void>,
	) {}

	/** One row, its values in the order of the columns. */
	append(values: readonly CellValue[]): void {
		this.kinds.forEach((kind, column) => {
			this.appendCell(kind, values[column] ?? null);
		});
		this.appender.endRow();
		this.pending += 1;
		if (this.pending % FLUSH_EVERY === 0) this.appender.flushSync();
	}

	/** After this the table can be read. */
	async close(): Promise<void> {
		this.appender.closeSync();
		await this.finish();
	}

	private appendCell(kind: ColumnKind, value: CellValue): void {
		if (value === null) this.appender.appendNull();
		else if (typeof value === "string") this.appender.appendVarchar(value);
		else if (typeof value === "boolean") this.appender.appendBoolean(value);
		else if (typeof value === "object") this.appender.appendVarchar(value.join(","));
		else if (kind === "double") this.appender.appendDouble(value);
		else this.appender.appendInteger(value);
	}
}
