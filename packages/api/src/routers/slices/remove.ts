import { AppError } from "@atelier/core";
import { z } from "zod";
import { procedure } from "../../trpc";

export const remove = procedure
	.input(z.object({ name: z.string() }))
	.mutation(async ({ ctx: { db }, input: { name } }) => {
		const { count } = await db.namedSlice.deleteMany({ where: { name } });
		if (count === 0) throw new AppError("NOT_FOUND", `There is no slice named ${name}.`);
		return { removed: name };
	});
