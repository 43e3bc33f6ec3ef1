import { PRIORITIES } from "@atelier/jobs";
import { z } from "zod";

/** Priority of a launch; the higher goes first. */
export const priority = z
	.int()
	.min(PRIORITIES.lowest, `priorities go from ${PRIORITIES.lowest} to ${PRIORITIES.highest}`)
	.max(PRIORITIES.highest, `priorities go from ${PRIORITIES.lowest} to ${PRIORITIES.highest}`);
