import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
	CONTRAST_CATEGORIES,
	characteriseDataset,
	importDataset,
	KEY_FIGURES,
	keyFiguresOf,
	meanFigures,
	paperRatiosOf,
	ratiosTo,
	SAMPLE_CATEGORIES,
	SYNTHETIC_CATEGORIES,
	writeSample,
} from "../../src";
import { runSplitStage } from "../../src/stages/split";
import { makeLog } from "../synthetic-log";

/** Every category with the defaults of `dataset sample`, through the importer, measured; and the split's own count. */
async function measureAll() {
	const folder = await mkdtemp(join(tmpdir(), "atelier-contrast-"));
	try {
		const all = [];
		for (const { slug } of SYNTHETIC_CATEGORIES) {
			const outDir = join(folder, slug);
			await writeSample({ category: slug, users: 1_200, seed: 1, outDir });
			const request = { path: outDir, format: "atelier", name: slug, synthetic: true } as const;
			const { path } = await importDataset(request, { store: join(folder, "store") });
			const output = join(folder, `${slug}-split`);
			await mkdir(output);
			const split = await runSplitStage({
				inputs: { dataset: path },
				output,
				params: { protocol: "leave-one-out", target: "purchase", trainRatio: 1 },
				seed: 0,
				report: () => {},
				threads: 1,
			});
			all.push({ slug, split, characteristics: await characteriseDataset(path) });
		}
		return all;
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

const measured = await measureAll();
const figuresOf = (slugs: readonly { slug: string }[]) =>
	measured.filter((one) => slugs.some(({ slug }) => slug === one.slug)).map((one) => keyFiguresOf(one.characteristics));
const fashion = meanFigures(figuresOf(SAMPLE_CATEGORIES));

test.each(CONTRAST_CATEGORIES)("fashion stands to $slug as in the paper, within a tenth", (category) => {
	const [own] = figuresOf([category]);
	const paper = paperRatiosOf(`sample-${category.slug}`);
	if (!own || !paper) throw new Error(`nothing measured or claimed for ${category.slug}`);
	const ratios = ratiosTo(fashion, own);
	const claimed = KEY_FIGURES.map(({ key }) => key).filter((figure) => paper[figure] !== undefined);
	expect(claimed).toEqual(["newProductsPerMonth", "interactionsPerPurchase", "queriesPerDay"]);
	for (const figure of claimed) {
		const reached = (ratios[figure] ?? 0) / (paper[figure] ?? 1);
		expect(Math.abs(reached - 1), `${figure}: ${reached} of the paper's`).toBeLessThan(0.1);
	}
});

test("unseen test purchases are those that the split calls cold", () => {
	for (const { slug, split, characteristics } of measured) {
		const { unseen } = characteristics.turnover;
		expect([slug, unseen.available && [unseen.purchases, unseen.unseen]]).toEqual([
			slug,
			[split.testExamples, split.coldTest],
		]);
	}
});

test("a season's items sell more in their season than chance would have it, in every fashion category", () => {
	for (const { slug, characteristics } of measured.slice(0, SAMPLE_CATEGORIES.length)) {
		const { attributeDriven } = characteristics;
		if (!attributeDriven.available) throw new Error(attributeDriven.reason);
		const season = attributeDriven.attributes.find(({ attribute }) => attribute === "season");
		const summer = season?.rows.find(({ value }) => value === "Summer");
		expect([slug, (summer?.cells.find(({ month }) => month === 7)?.low ?? 0) > 1]).toEqual([slug, true]);
		expect([slug, (summer?.cells.find(({ month }) => month === 1)?.high ?? 9) < 1]).toEqual([slug, true]);
	}
});

test.each([
	["electronics", "6d9871911f352c4f"],
	["toys", "9f273b8cc8ac6b40"],
] as const)("%s is frozen too: the same bytes as on the day it was calibrated", async (slug, hash) => {
	const { bytes } = await makeLog(slug, 50, 1);
	expect(createHash("sha256").update(bytes).digest("hex").slice(0, 16)).toBe(hash);
});
