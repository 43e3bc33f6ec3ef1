import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Console, seedDataset, startConsole } from "./console";

let atelier: Console;
beforeAll(async () => {
	atelier = await startConsole();
	await seedDataset(atelier, { id: "a".repeat(16), name: "shop-footwear", group: "shop" });
	await seedDataset(atelier, { id: "b".repeat(16), name: "shop-clothing", group: "shop" });
	await seedDataset(atelier, { id: "c".repeat(16), name: "beauty", searches: 0 });
});
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

	it.each([
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
		expect(total).toBe(2 * 3 * 2);
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
		expect(await atelier.owner.runs.cancel({ ids: runIds })).toEqual({ cancelled: 3 });
		expect(await atelier.owner.runs.retry({ ids: runIds })).toEqual({ retried: 3 });
	});
});

it("a dataset with runs is not removed by accident", async () => {
	await expect(atelier.owner.datasets.remove({ name: "shop-footwear" })).rejects.toThrow(/has 6 runs/);
});
