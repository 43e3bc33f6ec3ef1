import type { Inspected } from "./inspector-types";

/** Why a run's recommendations cannot be made again with other input, in words; null where they can. */
export function whyFixed({ method, setting }: Pick<Inspected["run"], "method" | "setting">): string | null {
	if (method === "ours-plus") {
		return "There is no what-if here: the fused ranking needs every list of the whole test set. Ours, whose generations it shares, has one.";
	}
	if (method === "ours-no-llm") {
		return "There is no what-if here: no model answers, the memory's first product stands for it. Ours has one.";
	}
	if (method !== "ours") return "There is no what-if here: only ours is made again live.";
	if (setting.startsWith("zero-shot")) {
		return "There is no what-if here: models are kept ready on the log that they were trained on, and this run was tested on another.";
	}
	return null;
}
