import { join } from "node:path";
import {
	buildPrompt,
	buildResponse,
	PROMPT_TEMPLATES,
	type PromptEvent,
	type PromptItem,
	type StageParams,
} from "@atelier/core";
import { z } from "zod";
import { parquet, type RowWriter } from "../duckdb";
import { inputFolder, openStageDatabase, type StageContext, type StageResult } from "./context";

/** Events that a prompt can hold at most; older ones count as dropped. No budget that a model can read holds more. */
const HISTORY_LIMIT = 50;
const USERS_A_PASS = 2_000;

const eventRow = z.object({
	user_id: z.number(),
	ord: z.number(),
	action: z.enum(["search", "click", "purchase"]),
	query: z.string().nullable(),
	item_id: z.number().nullable(),
	title: z.string().nullable(),
	attributes: z.string().nullable(),
});
const exampleRow = z.object({
	example_id: z.number(),
	user_id: z.number(),
	split: z.string(),
	target_item: z.number(),
	target_ord: z.number(),
	title: z.string(),
	candidates: z.array(z.number()),
});
const attributeMap = z.record(z.string(), z.coerce.string());
const usersRow = z.object({ place: z.number(), low: z.number(), high: z.number() });

type ExampleRow = z.infer<typeof exampleRow>;
interface OrderedEvent {
	ord: number;
	event: PromptEvent;
}

/** Prompts and responses of every example, within the token budget. Writes `prompts.parquet`. */
export async function runPromptsStage(context: StageContext<"prompts">): Promise<StageResult> {
	const { inputs, output, params, report } = context;
	const tables = promptTables(inputs, params);
	const db = await openStageDatabase(context);
	try {
		const writer = await db.writer("prompts", {
			example_id: "integer",
			split: "text",
			prompt: "text",
			response: "text",
			target_item: "integer",
			candidates: "integers",
			target_at: "integer",
			dropped_events: "integer",
		});
		const tally = { examples: 0, targetInPrompt: 0, droppedEvents: 0, overBudget: 0, characters: 0 };
		const passes = await db.all(usersRow, tables.passes);
		for (const [index, { low, high }] of passes.entries()) {
			const histories = new Map<number, OrderedEvent[]>();
			for await (const rows of db.batches(eventRow, tables.events(low, high))) addEvents(histories, rows);
			for await (const rows of db.batches(exampleRow, tables.examples(low, high))) {
				for (const row of rows) appendPrompt(writer, row, histories.get(row.user_id) ?? [], params, tally);
			}
			report({ type: "progress", payload: { step: "prompts", done: index + 1, total: passes.length, unit: "passes" } });
		}
		await writer.close();
		await db.writeParquet("FROM prompts ORDER BY example_id", join(output, "prompts.parquet"));
		if (tally.overBudget > 0) {
			report({
				type: "warning",
				payload: {
					message: `${tally.overBudget} prompts are longer than ${params.maxTokens} tokens even without their history: instruction, last query and candidates always stay.`,
				},
			});
		}
		return {
			examples: tally.examples,
			targetInPrompt: tally.targetInPrompt,
			droppedEvents: tally.droppedEvents,
			overBudget: tally.overBudget,
			meanCharacters: tally.examples === 0 ? 0 : Math.round(tally.characters / tally.examples),
		};
	} finally {
		db.close();
	}
}

function promptTables(inputs: Record<string, string>, params: StageParams<"prompts">) {
	const split = inputFolder(inputs, "split");
	const items = parquet(inputFolder(inputs, "dataset"), "items.parquet");
	const all = parquet(split, "examples.parquet");
	// The latest purchases saw the memory as full as the held-out ones do.
	const examples = `(FROM ${all} WHERE split <> 'train' UNION ALL (FROM ${all} WHERE split = 'train'
		ORDER BY target_at DESC NULLS LAST, md5(example_id::VARCHAR) LIMIT ${params.trainPrompts}))`;
	const shown = params.candidates ? parquet(inputFolder(inputs, "memory"), "candidates.parquet") : null;
	return {
		passes: `SELECT place::DOUBLE AS place, min(user_id) AS low, max(user_id) AS high FROM (
			SELECT user_id, (row_number() OVER (ORDER BY user_id) - 1) // ${USERS_A_PASS} AS place
			FROM (SELECT DISTINCT user_id FROM ${examples})) GROUP BY place ORDER BY place`,
		events: (low: number, high: number) => `SELECT e.user_id, e.ord, e.action, q.query, e.item_id, i.title, i.attributes
			FROM ${parquet(split, "events.parquet")} e
			LEFT JOIN ${parquet(split, "queries.parquet")} q ON q.query_id = e.query_id
			LEFT JOIN ${items} i ON i.item_id = e.item_id
			WHERE e.user_id BETWEEN ${low} AND ${high} ORDER BY e.user_id, e.ord`,
		examples: (
			low: number,
			high: number,
		) => `SELECT x.example_id, x.user_id, x.split, x.target_item, x.target_ord, i.title,
				${shown === null ? "[]::INTEGER[]" : `coalesce(c.items[1:${params.products}], [])`} AS candidates
			FROM ${examples} x JOIN ${items} i ON i.item_id = x.target_item
			${shown === null ? "" : `LEFT JOIN ${shown} c USING (example_id)`}
			WHERE x.user_id BETWEEN ${low} AND ${high} ORDER BY x.example_id`,
	};
}

function addEvents(histories: Map<number, OrderedEvent[]>, rows: readonly z.infer<typeof eventRow>[]): void {
	for (const row of rows) {
		const event = promptEvent(row);
		if (event === null) continue;
		const history = histories.get(row.user_id) ?? [];
		history.push({ ord: row.ord, event });
		histories.set(row.user_id, history);
	}
}

function promptEvent({ action, query, item_id, title, attributes }: z.infer<typeof eventRow>): PromptEvent | null {
	if (action === "search") return query === null ? null : { action, query };
	if (item_id === null || title === null) return null;
	const item: PromptItem = { itemId: item_id, title, attributes: parseAttributes(attributes) };
	return { action, item };
}

/** An item's `attributes` column as a map; empty where there are none. */
export function parseAttributes(text: string | null): Record<string, string> {
	return text === null || text === "" ? {} : attributeMap.parse(JSON.parse(text));
}

function appendPrompt(
	writer: RowWriter,
	row: ExampleRow,
	history: readonly OrderedEvent[],
	params: StageParams<"prompts">,
	tally: { examples: number; targetInPrompt: number; droppedEvents: number; overBudget: number; characters: number },
): void {
	const earlier = history.findLastIndex(({ ord }) => ord < row.target_ord) + 1;
	const { prompt, droppedEvents } = buildPrompt({
		template: PROMPT_TEMPLATES[params.template],
		history: history.slice(Math.max(0, earlier - HISTORY_LIMIT), earlier).map(({ event }) => event),
		candidates: row.candidates,
		attributes: params.attributes,
		withCandidates: params.candidates,
		maxTokens: params.maxTokens,
		charsPerToken: params.charsPerToken,
	});
	const dropped = droppedEvents + Math.max(0, earlier - HISTORY_LIMIT);
	const targetAt = row.candidates.indexOf(row.target_item) + 1;
	const response = buildResponse({ itemId: row.target_item, title: row.title });
	writer.append([row.example_id, row.split, prompt, response, row.target_item, row.candidates, targetAt, dropped]);
	tally.examples += 1;
	tally.targetInPrompt += targetAt > 0 ? 1 : 0;
	tally.droppedEvents += dropped;
	tally.overBudget += prompt.length > params.maxTokens * params.charsPerToken ? 1 : 0;
	tally.characters += prompt.length;
}
