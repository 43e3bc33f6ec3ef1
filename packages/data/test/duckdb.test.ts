import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { openDuckDb } from "../src";
import { inTemporaryFolder } from "./stages/tiny-dataset";

const row = z.object({ n: z.number() });

test("a result is read to its end although rows are written meanwhile", () =>
	inTemporaryFolder(async (folder) => {
		// On one connection the writer's flush would end the result early, and without an error.
		const db = await openDuckDb({ temporaryFolder: join(folder, "spill"), threads: 1 });
		const writer = await db.writer("copies", {
			n: "integer",
			many: "integers",
		});
		for await (const rows of db.batches(row, "SELECT i::INTEGER AS n FROM range(50000) t(i)")) {
			for (const { n } of rows) writer.append([n, [n, n]]);
		}
		await writer.close();
		expect(await db.one(row, "SELECT count(DISTINCT n)::DOUBLE AS n FROM copies WHERE len(many) = 2")).toEqual({
			n: 50_000,
		});
		db.close();
		expect(await readdir(folder)).toEqual([]);
	}));

test("a row that is not what was promised is named", () =>
	inTemporaryFolder(async (folder) => {
		const db = await openDuckDb({ temporaryFolder: join(folder, "spill"), threads: 1 });
		await expect(db.all(row, "SELECT 'many' AS n")).rejects.toMatchObject({
			code: "BAD_DATA",
			message: expect.stringContaining('{"n":"many"}'),
		});
		db.close();
	}));

test("a file that is no Parquet is bad data, which no second try would mend", () =>
	inTemporaryFolder(async (folder) => {
		const file = join(folder, "broken.parquet");
		await writeFile(file, "no table");
		const db = await openDuckDb();
		await expect(db.all(row, `FROM read_parquet('${file}')`)).rejects.toMatchObject({ code: "BAD_DATA" });
		db.close();
	}));
