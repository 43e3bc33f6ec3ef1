import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Console, seedDataset, startConsole } from "./console";

let atelier: Console;
beforeAll(async () => {
	atelier = await startConsole();
	await seedDataset(atelier, { id: "a".repeat(16), name: "shop-footwear", group: "shop" });
	await seedDataset(atelier, { id: "b".repeat(16), name: "shop-clothing", group: "shop" });
	await seedDataset(atelier, { id: "c".repeat(16), name: "beauty", searches: 0 });
}, 60_000);
afterAll(() => atelier.stop());

describe("launch.plan", () => {
	it("counts a stage once however many methods need it", async () => {
		const plan = await atelier.owner.launch.plan({
			suite: "table2",
			datasets: ["shop-footwear"],
			methods: ["core", "ours"],
		});
		const core = plan.stages.filter((stage) => stage.kind === "baseline");
		expect(core).toHaveLength(1);
		expect(core[0]?.neededBy).toEqual(["core", "ours"]);
		expect(plan.totals).toMatchObject({ runs: 2, reused: 0, estimateMs: null });
	});

	it("takes a group's name for all its datasets", async () => {
		const plan = await atelier.owner.launch.plan({ suite: "baselines", datasets: ["shop"] });
		expect(new Set(plan.runs.map((run) => run.dataset))).toEqual(new Set(["shop-footwear", "shop-clothing"]));
	});

	it("fills Table 3 with four fine-tunes", async () => {
		const plan = await atelier.owner.launch.plan({ suite: "table3", datasets: ["shop-footwear"] });
		expect(plan.runs.map((run) => run.variant)).toContain("no-memory+no-id-embedding");
		expect(plan.stages.filter((stage) => stage.kind === "fine-tune")).toHaveLength(4);
	});

	it("names the dataset that each stage of a zero-shot run works on, and what has no source", async () => {
		const request = { suite: "figure5", datasets: ["shop"], methods: ["recformer"] };
		const plan = await atelier.owner.launch.plan(request);
		expect(plan.runs).toEqual([
			expect.objectContaining({ setting: "zero-shot(shop-footwear)", dataset: "shop-clothing" }),
		]);
		const trained = plan.stages.filter((stage) => stage.kind === "baseline").map((stage) => stage.dataset);
		expect(trained).toEqual(["shop-footwear", "shop-clothing"]);
		expect(plan.skipped).toEqual([expect.stringContaining("shop-luggage-bags, which is not there")]);
	});

	it.each([
		[{ suite: "table3", datasets: ["shop"], variants: ["no-colour"] }, /Unknown switch "no-colour".*no-attributes/],
		[{ suite: "table2", datasets: ["shop"], settings: ["warm"] }, /Unknown setting "warm".*cold-start/],
		[{ suite: "table9", datasets: ["shop"] }, /Unknown suite "table9"\. There are: .*table2/],
		[{ suite: "table2", datasets: ["shoes"] }, /No dataset is called "shoes".*shop-footwear/],
		[{ suite: "table2", datasets: ["shop"], methods: ["oars"] }, /Unknown method "oars".*ours/],
		[{ suite: "table2", datasets: ["shop"], set: { "fineTune.epoch": 1 } }, /no "epoch".*epochs/],
		[{ suite: "table2", datasets: ["beauty"] }, /beauty has no searches/],
	])("refuses %j and says what would do", async (request, message) => {
		await expect(atelier.owner.launch.plan(request)).rejects.toThrow(message);
	});
});

describe("launch.create", () => {
	it("records a run for each dataset, method and seed, all queued", async () => {
		const { launchId } = await atelier.owner.launch.create({ suite: "baselines", datasets: ["shop"], seeds: [1, 2] });
		const { rows, total } = await atelier.owner.runs.list({ launch: launchId, limit: 100 });
		expect(total).toBe(2 * 6 * 2);
		expect(new Set(rows.map((run) => run.status))).toEqual(new Set(["queued"]));
		const run = await atelier.owner.runs.get({ id: rows[0]?.id.slice(0, 13) ?? "" });
		expect(run.stages.map((stage) => stage.kind)).toEqual(["split", "baseline", "evaluate"]);
	});

	it("can be cancelled, and retried", async () => {
		const { runIds } = await atelier.owner.launch.create({
			suite: "baselines",
			datasets: ["beauty"],
			methods: undefined,
		});
		expect(await atelier.owner.runs.cancel({ ids: runIds })).toEqual({ cancelled: 6 });
		expect(await atelier.owner.runs.retry({ ids: runIds })).toEqual({ retried: 6 });
	});
});

it("a dataset with runs is not removed by accident", async () => {
	await expect(atelier.owner.datasets.remove({ name: "shop-footwear" })).rejects.toThrow(/has 12 runs/);
});

describe("a launch that repeats what is under way", () => {
	it("says how much, in which launch, and can be made of the rest alone", async () => {
		const { owner, services } = atelier;
		await services.db.launch.deleteMany();
		const first = { suite: "baselines", datasets: ["shop-footwear"], methods: ["popularity", "core"] };
		const { launchId, repeated: none } = await owner.launch.create(first);
		expect(none).toEqual({ runs: 0, launches: [] });
		const wider = { ...first, methods: ["popularity", "core", "sasrec"] };
		const repeated = { runs: 2, launches: [{ id: launchId, runs: 2 }] };
		expect(await owner.launch.plan(wider)).toMatchObject({ repeated, totals: { runs: 3 } });
		expect(await owner.launch.plan({ ...wider, onlyMissing: true })).toMatchObject({ repeated, totals: { runs: 1 } });
		// Another seed, preset value or dataset is another run.
		expect((await owner.launch.plan({ ...first, seeds: [9] })).repeated.runs).toBe(0);
		expect((await owner.launch.plan({ ...first, datasets: ["shop-clothing"] })).repeated.runs).toBe(0);

		const rest = await owner.launch.create({ ...wider, onlyMissing: true });
		expect(rest.repeated).toEqual(repeated);
		const runs = await services.db.run.findMany({ where: { launchId: rest.launchId } });
		expect(runs.map(({ method }) => method)).toEqual(["sasrec"]);
		await expect(owner.launch.create({ ...wider, onlyMissing: true })).rejects.toThrow(
			/All 3 runs are under way already/,
		);
		expect(await services.db.launch.count()).toBe(2);

		await services.db.run.updateMany({ data: { status: "failed" } });
		expect((await owner.launch.plan(wider)).repeated).toEqual({ runs: 0, launches: [] });
	});
});

describe("results under way", () => {
	type Owner = Console["owner"];
	const ofTable3 = async ({ results }: Owner) =>
		(await results.table3()).datasets.map(({ rows, missing }) => ({ cells: rows, missing }));
	const ofFigure4 = async ({ results }: Owner) => (await results.figure4()).datasets;
	const ofFigure5 = async ({ results }: Owner) => (await results.figure5()).pairs;
	const ofFigure6 = async ({ results }: Owner) =>
		(await results.figure6()).datasets.map(({ curves, missing }) => ({
			cells: curves.flatMap(({ points }) => points),
			missing,
		}));

	it.each([
		["table3", ofTable3],
		["figure4", ofFigure4],
		["figure5", ofFigure5],
		["figure6", ofFigure6],
	])("%s shows cells that wait or run, with their stages, and does not ask for them", async (suite, read) => {
		const { owner, services } = atelier;
		await services.db.run.deleteMany();
		const { launchId, runIds } = await owner.launch.create({ suite, datasets: ["shop"] });
		const [first = ""] = runIds;
		const { stageKey } = await services.db.runStage.findFirstOrThrow({
			where: { runId: first },
			orderBy: { ordinal: "asc" },
		});
		await services.db.stage.update({ where: { key: stageKey }, data: { status: "succeeded" } });
		await services.db.run.update({ where: { id: first }, data: { status: "running" } });
		const parts = await read(owner);
		const open = parts.flatMap(({ cells }) => cells.flatMap(({ underWay }) => underWay ?? []));
		const runs = open.flatMap((cell) => cell.runs);
		expect(new Set(runs.map(({ id }) => id))).toEqual(new Set(runIds));
		expect(new Set(runs.map((run) => run.launchId))).toEqual(new Set([launchId]));
		expect(runs.filter(({ isRunning }) => isRunning)).toHaveLength(1);
		expect(open.find((cell) => cell.runs[0]?.id === first)?.done).toBeGreaterThan(0);
		expect(open.every(({ done, total }) => done < total)).toBe(true);
		expect(parts.map(({ missing }) => missing)).toEqual(parts.map(() => null));
	});

	it("Overview's ledger counts them apart", async () => {
		const { ledger } = await atelier.owner.overview.get();
		const figure6 = ledger.find(({ id }) => id === "figure6");
		expect(figure6).toMatchObject({ filled: 0, datasets: 2 });
		expect(figure6?.underWay).toBe(figure6?.cells);
	});
});
