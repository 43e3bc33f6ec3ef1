import { READY_SLICES } from "@atelier/core";
import type { Database } from "@atelier/db";

/** Longer than any name. */
const MOST_NAME = 80;

/** The text behind the name of a ready slice or of one that was saved; any other text is a slice itself. */
export async function sliceTextOf(db: Database, given: string): Promise<string> {
	const name = given.trim();
	if (name === "" || name.length > MOST_NAME) return given;
	const ready = READY_SLICES.find((one) => one.name === name);
	if (ready !== undefined) return ready.text;
	const saved = await db.namedSlice.findUnique({ where: { name }, select: { text: true } });
	return saved?.text ?? given;
}
