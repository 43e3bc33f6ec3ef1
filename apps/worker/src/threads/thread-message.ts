import { APP_ERROR_CODES } from "@atelier/core";
import { z } from "zod";

/** What a thread says to its process. */
export const threadMessage = z.discriminatedUnion("type", [
	z.object({ type: z.literal("progress"), done: z.number(), total: z.number() }),
	z.object({ type: z.literal("done"), value: z.unknown() }),
	z.object({ type: z.literal("failed"), code: z.enum(APP_ERROR_CODES).nullable(), message: z.string() }),
]);
export type ThreadMessage = z.infer<typeof threadMessage>;

/** What the process says to a thread: one order after another, or that the one under way is not wanted any more. */
export type ThreadRequest<Order> = { type: "order"; order: Order } | { type: "stop" };
