import { appendRunWarnings } from "@atelier/jobs";
import { openStore } from "@atelier/store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { claimStage } from "../src/stages/claim-stage";
import { warningsOf } from "../src/stages/run-warnings";
import { launchOneStage, openWorkplace, type Workplace } from "./support/workplace";

let place: Workplace;
beforeAll(async () => {
	place = await openWorkplace();
}, 60_000);
afterAll(() => place?.close());

const storedOf = async (id: string) => (await place.db.run.findUniqueOrThrow({ where: { id } })).warnings;

/** A run whose baseline ended with these warnings in the record. */
async function warned(messages: string[]) {
	const { key, runId } = await launchOneStage(place);
	const attempt = await claimStage(place.db, openStore({ home: place.home }), "w", key);
	if (attempt === null) throw new Error("The stage was not to be had.");
	await place.db.stageEvent.createMany({
		data: messages.map((message, i) => ({
			...{ attemptId: attempt.id, stageKey: key, seq: i + 1, at: new Date(), type: "warning" },
			payload: i === 0 ? { code: "odd", message } : { message },
		})),
	});
	await place.db.stage.update({ where: { key }, data: { status: "succeeded", attemptId: attempt.id } });
	return { runId, key };
}

it("a run warns of what the attempts that count warned of, by their code or their stage's name", async () => {
	const { runId } = await warned(["the first", "the second"]);
	expect(await warningsOf(place.db, runId)).toEqual([
		{ code: "odd", message: "the first" },
		{ code: "baseline", message: "the second" },
	]);
});

it("a stage that warns without end says so once", async () => {
	const { runId } = await warned(Array.from({ length: 40 }, (_, i) => `loss is nan at step ${i}`));
	const warnings = await warningsOf(place.db, runId);
	expect(warnings).toHaveLength(6);
	expect(warnings.at(-1)?.message).toBe("35 more warnings stand in the log of baseline");
});

it("a tiny catalogue and a tiny test set are warned of when the evaluation has ended", async () => {
	const { runId, key } = await warned([]);
	const { datasetId } = await place.db.run.findUniqueOrThrow({ where: { id: runId } });
	await place.db.dataset.update({ where: { id: datasetId }, data: { counts: { items: 7 } } });
	await place.db.stage.update({ where: { key }, data: { kind: "evaluate", params: { k: 10 }, result: { count: 2 } } });
	expect((await warningsOf(place.db, runId)).map(({ code }) => code)).toEqual(["small-catalogue", "few-examples"]);
});

it("a warning is added to each run once, however often and beside whatever it is added", async () => {
	const [{ runId: one }, { runId: other }] = [await warned([]), await warned([])];
	const warning = { code: "damaged", message: "its split was made again" };
	await Promise.all([1, 2, 3].map(() => appendRunWarnings(place.db, [one, other], [warning])));
	await appendRunWarnings(place.db, [one], [{ ...warning, code: "other" }, warning]);
	expect(await storedOf(one)).toEqual([warning, { ...warning, code: "other" }]);
	expect(await storedOf(other)).toEqual([warning]);
});
