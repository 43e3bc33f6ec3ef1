import { z } from "zod";
import { findRunIds, runIds } from "../../rows/find-runs";
import { procedure } from "../../trpc";

const TAGS = 20;
const tag = z
	.string()
	.trim()
	.min(1)
	.max(40, "a tag has at most 40 characters")
	.regex(/^[^,]*$/, "a tag holds no comma");

/** Marks runs with tags, takes tags off them, or says something of them. */
export const annotate = procedure
	.input(
		runIds.extend({
			add: z.array(tag).max(TAGS).default([]),
			remove: z.array(z.string()).max(TAGS).default([]),
			note: z.string().max(4_000, "a note has at most 4,000 characters").optional(),
		}),
	)
	.mutation(async ({ ctx: { db }, input: { ids, add, remove, note } }) => {
		const found = await findRunIds(db, ids);
		const changed = await db.$executeRaw`
			UPDATE run SET note = coalesce(${note ?? null}, note), tags = (
				SELECT coalesce(array_agg(tag ORDER BY tag), '{}') FROM (
					SELECT unnest(tags) AS tag EXCEPT SELECT unnest(${remove}::text[]) UNION SELECT unnest(${add}::text[])
				) AS kept
			)
			WHERE id = ANY(${found})`;
		return { changed };
	});
