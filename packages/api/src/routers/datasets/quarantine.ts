import { createInterface } from "node:readline";
import { z } from "zod";
import { findDataset } from "../../rows/find-dataset";
import { storeOf, wholeDataset } from "../../store/store-of";
import { procedure } from "../../trpc";

const rejectedRow = z.object({
	file: z.string(),
	line: z.number().nullable(),
	reason: z.string(),
	row: z.string().nullable(),
});

/** The first rejected rows of an import, with their reasons; the file holds them all. */
export const quarantine = procedure
	.input(z.object({ name: z.string(), limit: z.int().min(1).max(500).default(100) }))
	.query(async ({ ctx, input }) => {
		const dataset = await findDataset(ctx.db, input.name);
		const byReason = z.record(z.string(), z.number()).catch({}).parse(dataset.rejected);
		const total = Object.values(byReason).reduce((sum, count) => sum + count, 0);
		const rows: z.infer<typeof rejectedRow>[] = [];
		if (dataset.path === null || total === 0) return { rows, total, byReason };
		const lines = createInterface({
			input: await storeOf(ctx).file(await wholeDataset(ctx, dataset), "quarantine.ndjson"),
		});
		for await (const line of lines) {
			rows.push(rejectedRow.parse(JSON.parse(line)));
			if (rows.length >= input.limit) break;
		}
		lines.close();
		return { rows, total, byReason };
	});
