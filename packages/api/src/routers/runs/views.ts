import { randomUUID } from "node:crypto";
import { z } from "zod";
import { procedure } from "../../trpc";

const VIEWS = 200;
const page = z.enum(["runs"]);

/** Named views of a page, by name; everyone's. */
export const views = procedure.input(z.object({ page })).query(({ ctx: { db }, input }) =>
	db.savedView.findMany({
		where: input,
		select: { id: true, name: true, query: true },
		orderBy: { name: "asc" },
		take: VIEWS,
	}),
);

/** Keeps what a page shows under a name; the same name again takes its place. */
export const saveView = procedure
	.input(z.object({ page, name: z.string().trim().min(1).max(80), query: z.string().max(8_000) }))
	.mutation(async ({ ctx: { db, user }, input }) => {
		const { page, name, query } = input;
		await db.savedView.upsert({
			where: { page_name: { page, name } },
			create: { id: randomUUID(), ...input, createdById: user.id },
			update: { query },
		});
		return { name };
	});

export const removeView = procedure.input(z.object({ id: z.string() })).mutation(async ({ ctx: { db }, input }) => {
	const { count } = await db.savedView.deleteMany({ where: input });
	return { removed: count };
});
