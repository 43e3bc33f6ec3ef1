import {
	AppError,
	adjustTogether,
	configDifference,
	describeProtocol,
	isSameProtocol,
	protocolOf,
} from "@atelier/core";
import type { Prisma } from "@atelier/db";
import { z } from "zod";
import { findRun } from "../../rows/find-run";
import { refuseUnfinished } from "../../rows/inspected-run";
import { procedure } from "../../trpc";
import { makingNote } from "./making";
import { TestFamily } from "./paired-tests";

const include = { dataset: true, metrics: { where: { slice: "all" } } } satisfies Prisma.RunInclude;
type ComparedRun = Prisma.RunGetPayload<{ include: typeof include }>;

/**
 * The first run against each of the others, user by user: difference (first minus other) with its 95 % interval, p, p
 * Holm-adjusted over everything that was asked for, users won, tied and lost, and where the configurations differ.
 */
export const compare = procedure
	.input(z.object({ runs: z.array(z.string()).min(2, "name at least two runs").max(50) }))
	.query(async ({ ctx: { db }, input }) => {
		const [first, ...others] = await Promise.all(input.runs.map((id) => findRun(db, id, include)));
		if (first === undefined) throw new AppError("BAD_REQUEST", "Name at least two runs.");
		refuseUnfinished(first);
		const protocol = protocolOf(first);
		const family = new TestFamily();
		const tickets = others.map((other) => {
			refuseUnlike(first, other);
			return family.add(
				[
					{ runId: first.id, weight: 1 },
					{ runId: other.id, weight: -1 },
				],
				protocol.k,
			);
		});
		const { computing, contrastOf } = await family.ask(db);
		const ids = [first, ...others].map(({ id }) => id);
		const madeUnlike = await makingNote(db, ids);
		const head = { dataset: first.dataset.name, protocol, run: labelOf(first), madeUnlike };
		if (computing !== null) return { ...head, computing, users: 0, tests: 0, others: null };
		const contrasts = others.map((other, i) => contrastOf(tickets[i] ?? null) ?? refuseUnpaired(first, other));
		const adjusted = adjustTogether(contrasts);
		return {
			...head,
			/** How many of the tests are there, while they are being computed; until then `others` is null. */
			computing: null,
			users: contrasts[0]?.users ?? 0,
			/** Tests in the family of the adjusted p values. */
			tests: adjusted.reduce((sum, { metrics }) => sum + Object.keys(metrics).length, 0),
			others: others.map((other, i) => ({
				run: labelOf(other),
				metrics: adjusted[i]?.metrics ?? {},
				config: configDifference(describedConfig(first), describedConfig(other)),
			})),
		};
	});

/** @throws AppError BAD_REQUEST for runs that say nothing about each other, CONFLICT for one without results. */
function refuseUnlike(first: ComparedRun, other: ComparedRun): void {
	refuseUnfinished(other);
	if (first.id === other.id) refuse(first, other, "they are the same run.");
	if (first.datasetId !== other.datasetId) {
		refuse(first, other, `one is on ${first.dataset.name}, the other on ${other.dataset.name}.`);
	}
	const [protocol, otherProtocol] = [protocolOf(first), protocolOf(other)];
	if (!isSameProtocol(protocol, otherProtocol)) {
		const words = `one is measured ${describeProtocol(protocol)}; the other ${describeProtocol(otherProtocol)}.`;
		refuse(first, other, words);
	}
}

function refuseUnpaired(first: ComparedRun, other: ComparedRun): never {
	refuse(first, other, "their test examples differ (one may be cold-start, or have no stored predictions).");
}

function refuse(first: ComparedRun, other: ComparedRun, why: string): never {
	throw new AppError("BAD_REQUEST", `Runs ${first.id} and ${other.id} cannot be compared: ${why}`);
}

function labelOf({ id, dataset, method, variant, setting, seed, preset, metrics }: ComparedRun) {
	const figures = metrics.map(({ name, value, low, high }) => [name, { value, low, high }] as const);
	return { id, dataset: dataset.name, method, variant, setting, seed, preset, metrics: Object.fromEntries(figures) };
}

/** What a person chose: the preset's values, and the run's own coordinates beside them. */
function describedConfig({ method, variant, setting, seed, config }: ComparedRun) {
	return { ...z.record(z.string(), z.unknown()).parse(config), method, variant, setting, seed };
}
