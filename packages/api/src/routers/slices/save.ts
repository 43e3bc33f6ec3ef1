import { AppError, parseSlice, printSlice, READY_SLICES, SliceError } from "@atelier/core";
import { z } from "zod";
import { procedure } from "../../trpc";

const MOST_NAMED = 1_000;

const input = z.object({
	name: z
		.string()
		.trim()
		.min(1, "give the slice a name")
		.max(80, "a name has at most 80 characters")
		.regex(/^[^\p{C}]+$/u, "a name has no control characters"),
	text: z.string(),
	/** Whether another slice of that name gives way. */
	replace: z.boolean().default(false),
});

/** Gives a slice a name, for everyone. It is not bound to a data set: what one lacks is said where it is used. */
export const save = procedure.input(input).mutation(async ({ ctx: { db, user }, input: { name, text, replace } }) => {
	if (READY_SLICES.some((ready) => ready.name === name)) {
		throw new AppError("CONFLICT", `${name} is one of the ready slices: choose another name.`);
	}
	if (isSlice(name)) {
		throw new AppError("BAD_REQUEST", `${name} is a slice by itself and cannot name another: choose another name.`);
	}
	const canonical = printSlice(parseSlice(text));
	if (canonical === "") throw new AppError("BAD_REQUEST", "An empty slice is everyone, and needs no name.");
	const known = await db.namedSlice.findUnique({ where: { name } });
	if (known !== null && known.text !== canonical && !replace) {
		throw new AppError(
			"CONFLICT",
			`There is a slice ${name} already (${known.text}): choose another name, or replace it.`,
		);
	}
	if (known === null && (await db.namedSlice.count()) >= MOST_NAMED) {
		throw new AppError("CONFLICT", `There are ${MOST_NAMED} named slices already: remove one first.`);
	}
	const data = { text: canonical, createdBy: user.name };
	return db.namedSlice.upsert({ where: { name }, create: { name, ...data }, update: data });
});

/** What can be read as a slice must mean that slice. */
function isSlice(text: string): boolean {
	try {
		parseSlice(text);
		return true;
	} catch (error) {
		if (error instanceof SliceError) return false;
		throw error;
	}
}
