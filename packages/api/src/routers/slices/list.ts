import { procedure } from "../../trpc";

/** Slices that someone gave a name, by name. */
export const list = procedure.query(({ ctx: { db } }) =>
	db.namedSlice.findMany({ orderBy: { name: "asc" }, take: 1_000 }),
);
