import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { TableStore } from "../../src/stages/table-store";
import { inTemporaryFolder } from "./tiny-dataset";

const row = z.object({ n: z.number() });

test("a result is read to its end although rows are written meanwhile", () =>
	inTemporaryFolder(async (folder) => {
		// On one connection the writer's flush would end the result early, and without an error.
		const store = await TableStore.open(folder, { threads: 1 });
		const writer = await store.writer("copies", {
			n: "integer",
			many: "integers",
		});
		for await (const rows of store.batches(row, "SELECT i::INTEGER AS n FROM range(50000) t(i)")) {
			for (const { n } of rows) writer.append([n, [n, n]]);
		}
		await writer.close();
		expect(await store.row(row, "SELECT count(DISTINCT n)::DOUBLE AS n FROM copies WHERE len(many) = 2")).toEqual({
			n: 50_000,
		});
		await store.close();
		expect(await readdir(folder)).toEqual([]);
	}));

test("a row that is not what was promised is named", () =>
	inTemporaryFolder(async (folder) => {
		const store = await TableStore.open(folder, { threads: 1 });
		await expect(store.rows(row, "SELECT 'many' AS n")).rejects.toMatchObject({
			code: "BAD_DATA",
			message: expect.stringContaining('{"n":"many"}'),
		});
		await store.close();
	}));
