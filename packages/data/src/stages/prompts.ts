import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
	AppError,
	answerId,
	buildPrompt,
	buildResponse,
	PROMPT_TEMPLATES,
	type PromptEvent,
	type PromptForm,
	type PromptItem,
	type StageParams,
	shownPart,
} from "@atelier/core";
import { z } from "zod";
import type { DuckDb, RowWriter } from "../duckdb";
import { openStageDatabase, type StageContext, type StageResult } from "./context";
import { PROMPT_FORM_FILE, writeIdTexts } from "./id-texts";
import { promptTables } from "./prompt-tables";

const eventRow = z.object({
	user_id: z.number(),
	ord: z.number(),
	action: z.enum(["search", "click", "purchase"]),
	query: z.string().nullable(),
	item_id: z.number().nullable(),
});
const itemRow = z.object({
	item_id: z.number(),
	title: z.string(),
	attributes: z.string().nullable(),
	id_text: z.string().nullable(),
});
const exampleRow = z.object({
	example_id: z.number(),
	user_id: z.number(),
	split: z.string(),
	target_item: z.number(),
	target_ord: z.number(),
	candidates: z.array(z.number()),
});
const attributeMap = z.record(z.string(), z.coerce.string());
const usersRow = z.object({ place: z.number(), low: z.number(), high: z.number() });

interface OrderedEvent {
	ord: number;
	event: PromptEvent;
}

/** What the prompts of one pass are made of. */
interface Pass {
	/** By user, oldest first. */
	histories: Map<number, OrderedEvent[]>;
	items: Map<number, PromptItem>;
	idTexts: Map<number, string>;
}

/**
 * Prompts and responses of every example, within the token budget. Writes `prompts.parquet`, `form.json` (what form they
 * have) and `id_texts.parquet`.
 */
export async function runPromptsStage(context: StageContext<"prompts">): Promise<StageResult> {
	const { inputs, output, params, report } = context;
	const tables = promptTables(inputs, params);
	const db = await openStageDatabase(context);
	try {
		for (const statement of tables.statements) await db.run(statement);
		if (params.idForm !== "letter") await writeIdTexts(db, output);
		const writer = await db.writer("prompts", {
			example_id: "integer",
			split: "text",
			prompt: "text",
			response: "text",
			target_item: "integer",
			candidates: "integers",
			target_at: "integer",
			dropped_events: "integer",
			shown: "text",
		});
		const tally: Tally = {
			examples: 0,
			trainExamples: 0,
			targetInPrompt: 0,
			droppedEvents: 0,
			overBudget: 0,
			characters: 0,
			namedAttributes: new Set(),
		};
		const passes = await db.all(usersRow, tables.passes);
		for (const [index, { low, high }] of passes.entries()) {
			const pass = await readPass(db, tables.items(low, high), tables.events(low, high));
			for await (const rows of db.batches(exampleRow, tables.examples(low, high))) {
				for (const row of rows) appendPrompt(writer, row, pass, params, tally);
			}
			report({ type: "progress", payload: { step: "prompts", done: index + 1, total: passes.length, unit: "passes" } });
		}
		await writer.close();
		await db.writeParquet("FROM prompts ORDER BY example_id", join(output, "prompts.parquet"));
		await writeForm(output, params, tally);
		if (tally.overBudget > 0) {
			report({
				type: "warning",
				payload: {
					message: `${tally.overBudget} prompts are longer than ${params.maxTokens} tokens even without their history: instruction, last query and candidates always stay.`,
				},
			});
		}
		if (tally.trainExamples === 0) {
			const message = "There is no training prompt, so nothing to fine-tune a model on";
			report({ type: "warning", payload: { message, code: "no-training-prompt" } });
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

interface Tally {
	examples: number;
	trainExamples: number;
	targetInPrompt: number;
	droppedEvents: number;
	overBudget: number;
	characters: number;
	/** Keys of attributes that training prompts name. */
	namedAttributes: Set<string>;
}

async function writeForm(
	output: string,
	{ template, idForm, candidates }: StageParams<"prompts">,
	{ namedAttributes }: Tally,
): Promise<void> {
	const form: PromptForm = {
		contract: 1,
		template,
		idForm,
		candidates,
		namedAttributes: [...namedAttributes].sort(),
	};
	await writeFile(join(output, PROMPT_FORM_FILE), `${JSON.stringify(form, null, "\t")}\n`);
}

async function readPass(db: DuckDb, itemsQuery: string, eventsQuery: string): Promise<Pass> {
	const pass: Pass = { histories: new Map(), items: new Map(), idTexts: new Map() };
	for await (const rows of db.batches(itemRow, itemsQuery)) {
		for (const { item_id, title, attributes, id_text } of rows) {
			pass.items.set(item_id, { itemId: item_id, title, attributes: parseAttributes(attributes) });
			if (id_text !== null) pass.idTexts.set(item_id, id_text);
		}
	}
	for await (const rows of db.batches(eventRow, eventsQuery)) {
		for (const row of rows) {
			const event = promptEvent(row, pass.items);
			if (event === null) continue;
			const history = pass.histories.get(row.user_id) ?? [];
			history.push({ ord: row.ord, event });
			pass.histories.set(row.user_id, history);
		}
	}
	return pass;
}

function promptEvent(
	{ action, query, item_id }: z.infer<typeof eventRow>,
	items: ReadonlyMap<number, PromptItem>,
): PromptEvent | null {
	if (action === "search") return query === null ? null : { action, query };
	const item = item_id === null ? undefined : items.get(item_id);
	return item === undefined ? null : { action, item };
}

/** An item's `attributes` column as a map; empty where there are none. */
export function parseAttributes(text: string | null): Record<string, string> {
	return text === null || text === "" ? {} : attributeMap.parse(JSON.parse(text));
}

function appendPrompt(
	writer: RowWriter,
	row: z.infer<typeof exampleRow>,
	{ histories, items, idTexts }: Pass,
	params: StageParams<"prompts">,
	tally: Tally,
): void {
	const { idForm, maxTokens, charsPerToken, maxEvents } = params;
	const { example_id, split, target_item, candidates } = row;
	const known = (itemId: number) => items.get(itemId) ?? missingItem(itemId);
	const idText = (itemId: number) => idTexts.get(itemId) ?? missingItem(itemId);
	const history = histories.get(row.user_id) ?? [];
	const earlier = history.findLastIndex(({ ord }) => ord < row.target_ord) + 1;
	const template = PROMPT_TEMPLATES[params.template];
	const { prompt, droppedEvents, told } = buildPrompt({
		template,
		history: history.slice(0, earlier).map(({ event }) => event),
		candidates: candidates.map(known),
		idForm,
		idText,
		attributes: params.attributes,
		withCandidates: params.candidates,
		maxEvents,
		maxTokens,
		charsPerToken,
	});
	const targetAt = candidates.indexOf(target_item) + 1;
	const id = answerId({ idForm, idText, candidates, itemId: target_item });
	const response = buildResponse({ id, title: known(target_item).title });
	const offered = params.candidates ? candidates : [];
	const shown = [...told.map(({ itemId }) => itemId), ...offered];
	const part = shownPart({ idForm, idText, itemId: target_item }, shown);
	writer.append([example_id, split, prompt, response, target_item, candidates, targetAt, droppedEvents, part]);
	if (split === "train" && params.attributes && template.namesAttributes) {
		// Under labels candidates are written in full too.
		const full = idForm === "letter" ? [...told, ...offered.map(known)] : told;
		for (const { attributes } of full) {
			for (const key of template.attributeKeys) if (attributes[key] !== undefined) tally.namedAttributes.add(key);
		}
	}
	tally.examples += 1;
	tally.trainExamples += split === "train" ? 1 : 0;
	tally.targetInPrompt += targetAt > 0 ? 1 : 0;
	tally.droppedEvents += droppedEvents;
	tally.overBudget += prompt.length > maxTokens * charsPerToken ? 1 : 0;
	tally.characters += prompt.length;
}

function missingItem(itemId: number): never {
	throw new AppError("BAD_DATA", `The dataset's items.parquet lacks item ${itemId}; import the dataset again.`);
}
