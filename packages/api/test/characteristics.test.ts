import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { datasetCharacteristics, importDataset, writeSample } from "@atelier/data";
import { datasetRef } from "@atelier/store";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Console, seedDataset, startConsole } from "./console";

let atelier: Console;
let folder: string;

/** A ready dataset with real files, as the worker leaves it. */
async function makeDataset(category: "clothing" | "footwear" | "toys", group: string) {
	const outDir = join(folder, category);
	await writeSample({ category, users: 80, seed: 1, outDir });
	const name = `shop-${category}`;
	const { manifest } = await importDataset(
		{ path: outDir, format: "atelier", name, synthetic: true },
		{ store: join(folder, "store") },
	);
	await seedDataset(atelier, { id: name, name, group });
	await atelier.services.db.dataset.update({
		where: { id: name },
		data: { path: datasetRef(manifest.id), synthetic: true },
	});
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "atelier-figures-"));
	atelier = await startConsole(folder);
	await makeDataset("clothing", "shop");
	await makeDataset("footwear", "shop");
	await makeDataset("toys", "shop-contrast");
	await seedDataset(atelier, { id: "gone", name: "gone" });
	await atelier.services.db.dataset.update({ where: { id: "gone" }, data: { path: datasetRef("nowhere") } });
}, 60_000);
afterAll(async () => {
	await atelier.stop();
	await rm(folder, { recursive: true, force: true });
});

it("sets datasets against a group's mean, with the paper's ratios beside its contrast categories", async () => {
	const { reference, datasets } = await atelier.owner.datasets.characteristicsOverview({
		names: ["shop-clothing", "shop-footwear", "shop-toys"],
		reference: "shop",
	});
	expect(reference?.members).toEqual(["shop-clothing", "shop-footwear"]);
	expect(datasets.map(({ name, isReference }) => [name, isReference])).toEqual([
		["shop-clothing", true],
		["shop-footwear", true],
		["shop-toys", false],
	]);
	const lengths = datasets.map(({ figures }) => figures?.interactionsPerPurchase ?? Number.NaN);
	const mean = ((lengths[0] ?? 0) + (lengths[1] ?? 0)) / 2;
	expect(datasets[2]?.ratios?.interactionsPerPurchase).toBeCloseTo(mean / (lengths[2] ?? 1), 12);
	expect(datasets.map(({ paperRatios }) => paperRatios?.interactionsPerPurchase)).toEqual([undefined, undefined, 1.81]);
});

it("characteristics are measured once, and kept in the record; those of another revision are measured anew", async () => {
	const of = () => atelier.owner.datasets.characteristics({ name: "shop-clothing" });
	const { dataset } = atelier.services.db;
	const first = await of();
	const row = await dataset.findUniqueOrThrow({ where: { name: "shop-clothing" } });
	const kept = { ...datasetCharacteristics.parse(row.characteristics), turnover: first.turnover };
	const changed = { ...kept, comparisons: { ...kept.comparisons, interactionsPerSequence: 99 } };
	await dataset.update({ where: { id: row.id }, data: { characteristics: changed } });
	expect((await of()).comparisons.interactionsPerSequence).toBe(99);
	await dataset.update({ where: { id: row.id }, data: { characteristics: { ...changed, revision: 0 } } });
	expect(await of()).toEqual(first);
});

it("a dataset whose files are gone says so and leaves the others their figures", async () => {
	const { datasets } = await atelier.owner.datasets.characteristicsOverview({});
	expect(datasets.filter(({ problem }) => problem !== null).map(({ name, figures }) => [name, figures])).toEqual([
		["gone", null],
	]);
	expect(datasets).toHaveLength(4);
	await expect(atelier.owner.datasets.characteristics({ name: "gone" })).rejects.toThrow(
		/Dataset gone is damaged: its folder/,
	);
});

it("the sample's contrast categories get a group of their own, which the sample's group does not hold", async () => {
	const { datasets } = await atelier.owner.datasets.sample({ name: "made", users: 50, contrast: true });
	expect(datasets).toHaveLength(6);
	const rows = await atelier.services.db.dataset.findMany({ where: { name: { startsWith: "made-" } } });
	const groupOf = Object.fromEntries(rows.map(({ name, group }) => [name, group]));
	expect(groupOf).toMatchObject({
		"made-clothing": "made",
		"made-electronics": "made-contrast",
		"made-toys": "made-contrast",
	});
	const plain = await atelier.owner.datasets.sample({ name: "plain", users: 50 });
	expect(plain.datasets.map(({ name }) => name).sort()).toEqual([
		"plain-accessories-jewelry",
		"plain-clothing",
		"plain-footwear",
		"plain-luggage-bags",
	]);
});
