import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SampleStatistics, type SyntheticCategory, writeSample } from "../src/synthetic";

export type Row = Readonly<Record<string, string>>;

export interface Log {
	readonly statistics: SampleStatistics;
	readonly items: readonly Row[];
	readonly interactions: readonly Row[];
	readonly exposures: readonly Row[];
	/** The three files as written. */
	readonly bytes: string;
}

/** Makes a sample in a folder of its own, reads it back and removes it. */
export async function makeLog(category: SyntheticCategory, users: number, seed = 1): Promise<Log> {
	const outDir = await mkdtemp(join(tmpdir(), "atelier-sample-"));
	try {
		const statistics = await writeSample({ category, users, seed, outDir });
		const read = (name: string) => readFile(join(outDir, `${name}.csv`), "utf8");
		const [items, interactions, exposures] = [await read("items"), await read("interactions"), await read("exposures")];
		return {
			statistics,
			items: rows(items),
			interactions: rows(interactions),
			exposures: rows(exposures),
			bytes: items + interactions + exposures,
		};
	} finally {
		await rm(outDir, { recursive: true, force: true });
	}
}

function rows(text: string): Row[] {
	const [head = [], ...body] = text.trimEnd().split("\n").map(cells);
	return body.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ""])));
}

function cells(line: string): string[] {
	const found = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g);
	return [...found].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

/** Rows by the value of one column, in the order of the file. */
export function groupBy(list: readonly Row[], column: string): Map<string, Row[]> {
	const groups = new Map<string, Row[]>();
	for (const row of list) {
		const key = row[column] ?? "";
		groups.set(key, [...(groups.get(key) ?? []), row]);
	}
	return groups;
}
