import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const trainerState = z.object({
	state: z.enum(["installing", "ready", "failed"]),
	/** What is being done now, in a few words. */
	step: z.string().default(""),
	message: z.string().default(""),
});
export type TrainerState = z.infer<typeof trainerState>;

/**
 * State of the trainer's Python environment as its installer last wrote it. A file that is missing or half-written
 * counts as an installation under way.
 */
export async function readTrainerState(home: string): Promise<TrainerState> {
	try {
		return trainerState.parse(JSON.parse(await readFile(join(home, "trainer.json"), "utf8")));
	} catch {
		return { state: "installing", step: "", message: "" };
	}
}

/** Why a trainer stage waits, as its page says it. */
export function waitingReason({ state, step, message }: TrainerState): string {
	const detail = message || step;
	const reason =
		state === "failed"
			? "the trainer's Python environment failed to install"
			: "the trainer's Python environment installs";
	return detail ? `waiting: ${reason} (${detail})` : `waiting: ${reason}`;
}
