interface StageWords {
	title: string;
	/** What it does, in one sentence. */
	note: string;
}

const WORDS: Record<string, StageWords> = {
	split: { title: "Split", note: "Leave-one-out per user: the last purchase tests, the one before validates." },
	"encode-queries": { title: "Encode queries", note: "Distinct queries become vectors; each finds its nearest." },
	memory: { title: "Memory", note: "The query-product memory and every example's candidates." },
	prompts: { title: "Prompts", note: "Sequences and candidates written out within the token budget." },
	"base-model": { title: "Base model", note: "The language model before fine-tuning." },
	"fine-tune": { title: "Fine-tune", note: "LoRA on the prompts; the hardest are seen again." },
	generate: { title: "Generate", note: "One product, id and title, for every test prompt." },
	parse: { title: "Parse", note: "Raw text into id and title, or a reason why not." },
	"title-encoder": { title: "Title encoder", note: "Queries and titles into one space, by triplet loss." },
	"id-encoder": { title: "Id encoder", note: "Item vectors out of CORE." },
	retrieve: { title: "Retrieve", note: "The title list and the id list, exact, of every generation." },
	pools: { title: "Pools", note: "Heads of the lists of validation examples, with what is known of each item." },
	rerank: { title: "Re-ranker", note: "A linear model of the pools, fitted on validation alone." },
	baseline: { title: "Baseline", note: "Train and rank the target among all items." },
	outside: { title: "Imported ranks", note: "What a method made elsewhere, as its file was checked." },
	evaluate: { title: "Evaluate", note: "Mixup, ranks, metrics and their intervals." },
};

export function stageTitle(kind: string): string {
	return WORDS[kind]?.title ?? kind;
}
export function stageNote(kind: string): string {
	return WORDS[kind]?.note ?? "";
}
