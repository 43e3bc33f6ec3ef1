import { join } from "node:path";
import { type StageEvent, summariseRanks } from "@atelier/core";
import { expect, test } from "vitest";
import { runTsStage, type TsStageKind } from "../../src/stages";
import { inTemporaryFolder, type LogRow, readRows, writeDataset, writeRows } from "./tiny-dataset";

const items = (count: number) =>
	Array.from({ length: count }, (_, place) => ({ id: place + 1, title: `bag ${place}` }));
const events = (user: number, action: "click" | "purchase", ids: readonly number[], from = 1): LogRow[] =>
	ids.map((item, step) => ({ user, action, item, at: user * 1000 + from + step }));
/** A shopper who searched and then bought. */
const shopper = (user: number, ids: readonly number[]): LogRow[] => [
	{ user, action: "search", query: "tote", at: user * 1000 },
	...events(user, "purchase", ids),
];

interface Case {
	log: LogRow[];
	items: number;
	target?: "click";
	/** Why the split refuses it. */
	refused?: RegExp;
	/** Test examples and, in their order, the rank by the memory. */
	ranks?: (number | null)[];
	warns?: string[];
}

const CASES: Record<string, Case> = {
	"one event each": {
		log: [1, 2, 3].flatMap((user) => shopper(user, [1])),
		items: 5,
		refused: /No shopper has two purchases/,
	},
	"no purchase": { log: events(1, "click", [1, 2, 3]), items: 5, refused: /No shopper has two purchases/ },
	"no click where clicks are predicted": {
		log: shopper(1, [1, 2, 3]),
		items: 5,
		target: "click",
		refused: /two clicks/,
	},
	// The one purchase that follows a search is the first of all: no history but the search, and the only listing there is.
	"one user": { log: shopper(1, [1, 2, 3]), items: 5, ranks: [null], warns: ["empty-memory"] },
	"one item": {
		log: [1, 2].flatMap((user) => shopper(user, [1, 1, 1])),
		items: 1,
		ranks: [null, null],
		warns: ["one-target"],
	},
	"all interactions equal": {
		log: [1, 2, 3].flatMap((user) => [
			...shopper(user, [3, 3]),
			{ user, action: "search", query: "tote", at: user * 1000 + 8 } as const,
			...events(user, "purchase", [3], 9),
		]),
		items: 5,
		// A search before the last purchase asks the memory, in which everybody's first purchase stands: item 3.
		ranks: [1, 1, 1],
		warns: ["one-target"],
	},
	"who bought everything": { log: shopper(1, [1, 2, 3, 4, 5, 1]), items: 5, ranks: [null], warns: ["empty-memory"] },
};

async function stage(folder: string, kind: TsStageKind, inputs: string[], params: unknown, warned: string[]) {
	const named = Object.fromEntries(inputs.map((name) => [name, join(folder, name)]));
	const spec = {
		revision: 1,
		key: "0".repeat(32),
		attempt: "a1",
		params,
		inputs: named,
		output: join(folder, kind),
		seed: 0,
		threads: 1,
	};
	return runTsStage(kind, spec, (event: StageEvent) => {
		if (event.type === "warning") warned.push(event.payload.code ?? event.payload.message);
	});
}

test.each(Object.entries(CASES))("a log with %s is refused with the reason, or measured as worked out", (_, one) =>
	inTemporaryFolder(async (folder) => {
		const warned: string[] = [];
		await writeDataset(join(folder, "dataset"), { items: items(one.items), log: one.log });
		const splitting = stage(folder, "split", ["dataset"], { protocol: "leave-one-out", target: one.target }, warned);
		if (one.refused) {
			await expect(splitting).rejects.toThrow(one.refused);
			return;
		}
		await splitting;
		await writeDataset(join(folder, "encodeQueries"), { items: [], log: [] });
		await writeRows(
			join(folder, "encodeQueries", "neighbours.parquet"),
			"query_id INTEGER, rank INTEGER, neighbour_id INTEGER, similarity FLOAT",
			["0, 1, 0, 1"],
		);
		await stage(
			folder,
			"memory",
			["dataset", "split", "encodeQueries"],
			{ queries: 2, products: 2, listLength: 10 },
			warned,
		);
		const params = {
			source: "memory",
			examples: "all",
			k: 10,
			n: 1,
			mixup: "distinct",
			maskSeen: false,
			bootstrapSamples: 50,
			fusion: null,
		};
		const { result } = await stage(folder, "evaluate", ["split", "memory"], params, warned);
		const predictions = await readRows(join(folder, "evaluate"), "predictions.parquet", "example_id");
		const ranks = predictions.map(({ rank }) => (typeof rank === "number" ? rank : null));
		expect(ranks).toEqual(one.ranks);
		const { metrics } = summariseRanks(ranks, { k: 10, samples: 50, seed: 0 });
		expect(result).toMatchObject({ count: ranks.length, "recall@10": metrics["recall@10"]?.value });
		for (const code of one.warns ?? []) expect(warned).toContain(code);
	}),
);

test("a split without test examples is not measured as zero", () =>
	inTemporaryFolder(async (folder) => {
		const warned: string[] = [];
		await writeDataset(join(folder, "dataset"), { items: items(3), log: shopper(1, [1, 2, 3]) });
		await stage(folder, "split", ["dataset"], { protocol: "leave-one-out" }, warned);
		await writeRows(join(folder, "split", "candidates.parquet"), "example_id INTEGER, items INTEGER[]", []);
		await writeRows(
			join(folder, "split", "examples.parquet"),
			"example_id INTEGER, user_id INTEGER, split VARCHAR, target_item INTEGER, target_ord INTEGER, target_at TIMESTAMP, session_ord INTEGER, session_at TIMESTAMP, query_id INTEGER, cold BOOLEAN",
			[],
		);
		const named = { split: join(folder, "split"), memory: join(folder, "split") };
		const params = {
			source: "memory",
			examples: "all",
			k: 10,
			n: 1,
			mixup: "distinct",
			maskSeen: false,
			bootstrapSamples: 50,
			fusion: null,
		};
		const spec = {
			revision: 1,
			key: "0".repeat(32),
			attempt: "a1",
			params,
			inputs: named,
			output: join(folder, "evaluate"),
			seed: 0,
			threads: 1,
		};
		await expect(runTsStage("evaluate", spec)).rejects.toThrow(/no test example/);
	}));
