import {
	AppError,
	buildPrompt,
	catalogueTitle,
	isOutside,
	mixup,
	PROMPT_TEMPLATES,
	parseGeneration,
	runLabel,
	wellFormed,
} from "@atelier/core";
import { requestModelServer } from "@atelier/jobs";
import { z } from "zod";
import { liveCandidates } from "../../live/candidates";
import { liveHistory } from "../../live/history";
import { liveIds } from "../../live/live-ids";
import { modelClient } from "../../live/model-client";
import { findInspected } from "../../rows/inspected-run";
import { itemOr, itemsById } from "../../rows/item";
import { sequenceOf } from "../../rows/sequence";
import { describe, stageOf } from "../../rows/stored-recommendation";
import { procedure } from "../../trpc";

/**
 * The recommendation again, live, with another last query or without some events: the functions of the batch stages
 * around one process that holds the run's models. While that process loads, answers `starting`: ask again.
 */
export const recommend = procedure
	.input(
		z.object({
			run: z.string(),
			user: z.string(),
			/** In place of the session's last search; a session without one gets it at its end. */
			query: z.string().trim().min(1).max(300).transform(wellFormed).optional(),
			/** `ord` of events to leave out. */
			drop: z.array(z.int().nonnegative()).default([]),
			n: z.int().min(0).max(100).optional(),
		}),
	)
	.mutation(async ({ ctx, input, signal }) => {
		const inspected = await findInspected(ctx.db, input.run, input.user);
		const { run, dataset, config, example } = inspected;
		if (isOutside(run.method)) {
			throw new AppError(
				"BAD_REQUEST",
				`Run ${run.id} was imported, and its method does not run here: there is no what-if.`,
			);
		}
		if (run.method !== "ours" || run.setting.startsWith("zero-shot")) {
			throw new AppError(
				"BAD_REQUEST",
				`Live recommendations come from runs of ours on the log that they were trained on; run ${run.id} is ${runLabel(run)}.`,
			);
		}
		// First what the request itself may have wrong: loading models takes a while.
		const events = await sequenceOf(ctx.db, dataset.id, input.user);
		const { history, query } = liveHistory({
			...{ events, example, target: config.split.target },
			...{ query: input.query, drop: input.drop },
		});
		const server = await requestModelServer(ctx.db, ctx.queue, stageOf(inspected, "retrieve"));
		if (server.status === "failed")
			throw new AppError("UNAVAILABLE", `The models could not be loaded: ${server.error}`);
		if (server.status !== "ready" || server.port === null) return { state: "starting" as const };
		const models = modelClient({ port: server.port, token: server.token, signal });

		const chosen = await liveCandidates(ctx.db, inspected, models, query);
		const shown = chosen.items.slice(0, config.prompts.products);
		const [ids, items] = await Promise.all([
			liveIds(ctx, inspected, { history, candidates: shown }),
			itemsById(ctx.db, dataset.id, shown),
		]);
		const { attributes, candidates: withCandidates, idForm, maxEvents, maxTokens, charsPerToken } = config.prompts;
		const { prompt } = buildPrompt({
			template: PROMPT_TEMPLATES[config.prompts.template],
			history,
			candidates: shown.map((id) => itemOr(items, id)),
			idForm,
			idText: ids.idText,
			attributes,
			withCandidates,
			maxEvents,
			maxTokens,
			charsPerToken,
		});
		const { text, logProbability } = await models.generate(prompt, idForm === "letter" ? shown : undefined);
		const read = parseGeneration(text, await ids.readerOf(text));
		const ofId =
			read.itemId === null ? undefined : (await itemsById(ctx.db, dataset.id, [read.itemId])).get(read.itemId);
		const parsed = { ...read, title: read.title && catalogueTitle(read.title, ofId?.title ?? null) };
		const { idList, titleList } = await models.retrieve(parsed);
		const recommendation = await describe(ctx.db, dataset.id, {
			query,
			prompt,
			neighbours: chosen.neighbours,
			candidates: shown.map((id, i) => ({ id, neighbour: chosen.origins[i] ?? 0 })),
			generation: { text, logProbability, ...parsed },
			idList,
			titleList,
			mixed: mixup({
				idList,
				titleList,
				n: input.n ?? config.evaluate.n,
				k: Math.max(idList.length, titleList.length),
				mode: config.evaluate.mixup,
			}),
			groundTruth: example.targetItem,
		});
		return { state: "ready" as const, recommendation };
	});
