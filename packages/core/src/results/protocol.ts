import { z } from "zod";
import { findMethod } from "../planning";

/** What two figures must share to stand in one table. */
export interface Protocol {
	split: "leave-one-out" | "by-time";
	/** What is predicted. */
	target: "purchase" | "click";
	/** Share of the training sequences that the preset keeps. */
	trainRatio: number;
	k: number;
	/** Whether items that the user has met already are left out of the ranking. */
	maskSeen: boolean;
}

const protocolConfig = z.object({
	split: z.object({
		protocol: z.enum(["leave-one-out", "by-time"]),
		target: z.enum(["purchase", "click"]).default("purchase"),
		trainRatio: z.number().default(1),
	}),
	evaluate: z.object({ k: z.number(), maskSeen: z.boolean() }),
	baselines: z.record(z.string(), z.object({ maskSeen: z.boolean() })).default({}),
});

/**
 * The protocol of a run, from its resolved configuration. A baseline masks by its own switch, everything else by that of
 * `evaluate`.
 */
export function protocolOf(run: { method: string; config: unknown }): Protocol {
	const { split, evaluate, baselines } = protocolConfig.parse(run.config);
	const baseline = baselines[baselineOf(run.method)];
	return {
		split: split.protocol,
		target: split.target,
		trainRatio: split.trainRatio,
		k: evaluate.k,
		maskSeen: baseline?.maskSeen ?? evaluate.maskSeen,
	};
}

/** What a run was measured by and what it predicts; null where its configuration is of a version that said it otherwise. */
export function knownProtocolOf(run: { method: string; config: unknown }): Protocol | null {
	return protocolConfig.safeParse(run.config).success ? protocolOf(run) : null;
}

const baselineOf = (method: string): string => {
	const ranks = findMethod(method)?.ranks;
	return ranks?.by === "baseline" ? ranks.model : method;
};

export function isSameProtocol(a: Protocol, b: Protocol): boolean {
	const isSameSplit = a.split === b.split && a.target === b.target && a.trainRatio === b.trainRatio;
	return isSameSplit && a.k === b.k && a.maskSeen === b.maskSeen;
}

/** `leave-one-out, full ranking, K = 10, items already seen are ranked too`. */
export function describeProtocol({ split, target, trainRatio, k, maskSeen }: Protocol): string {
	return [
		// The paper predicts purchases, and a table that says nothing is taken for one of those.
		...(target === "click" ? ["clicks predicted, not purchases"] : []),
		split === "by-time" ? "split by time" : "leave-one-out",
		"full ranking",
		`K = ${k}`,
		maskSeen ? "items already seen are left out" : "items already seen are ranked too",
		...(trainRatio < 1 ? [`${100 * trainRatio} % of the training sequences`] : []),
	].join(", ");
}
