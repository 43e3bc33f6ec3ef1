import { METHOD_IDS, type Method, methodsWhere } from "../planning/methods";

/** What the paper's figures 4 to 6 ask. They are pictures without numbers, so none of theirs stand beside ours. */
export const FIGURES = {
	4: {
		suite: "figure4",
		title: "Cold start: test shoppers whose purchase no training event holds",
		methods: METHOD_IDS.filter((id) => id !== "ours-no-llm"),
	},
	5: {
		suite: "figure5",
		title: "Zero-shot: trained on one dataset, tested on another without fine-tuning",
		methods: methodsWhere(({ carriesOver }) => carriesOver),
	},
	6: {
		suite: "figure6",
		title: "Low resource: trained on a share of the training sequences",
		methods: ["core", "recformer", "recformer-query", "ours"],
	},
} as const satisfies Record<number, { suite: string; title: string; methods: readonly Method[] }>;
