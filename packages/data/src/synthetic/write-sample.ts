import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isoTime, LOG_START, SECONDS_A_DAY } from "./calendar";
import { buildCatalogue, type Catalogue } from "./catalogue";
import { knobsOf, type SyntheticCategory, VOCABULARIES } from "./categories";
import { CsvFile } from "./csv-file";
import { type Knobs, SAMPLE_VERSION } from "./knobs";
import { Random } from "./random";
import { SearchEngine } from "./search-engine";
import { type ShopperLog, shopperLog } from "./shopper-log";
import { type SampleStatistics, StatisticsCounter } from "./statistics";
import { familyTitles, ITEM_COLUMNS, itemRow } from "./titles";
import type { Vocabulary } from "./vocabulary/words";

export interface SampleOptions {
	readonly category: SyntheticCategory;
	/** Shoppers; the catalogue grows with them (5.5 items a shopper in fashion). */
	readonly users: number;
	readonly seed: number;
	/** Folder for the three files; made if absent. */
	readonly outDir: string;
	/** Called now and then with the shoppers written so far. */
	readonly onProgress?: (done: number, total: number) => void;
}

/** Shoppers between two progress reports. */
const REPORT_EVERY = 100;

/**
 * Writes one category of the synthetic dataset in the canonical `atelier` format: `items.csv`, `interactions.csv` and
 * `exposures.csv`. Equal options give equal bytes on any machine.
 *
 * @throws RangeError when `users` or `seed` is no whole number in range
 */
export function writeSample(options: SampleOptions): Promise<SampleStatistics> {
	return writeLog(options, knobsOf(options.category));
}

/** `writeSample` with other knobs; for calibration only, since the sample is frozen. */
export async function writeLog(options: SampleOptions, knobs: Knobs): Promise<SampleStatistics> {
	const { category, users, seed, outDir, onProgress } = options;
	if (!Number.isSafeInteger(users) || users < 1) throw new RangeError(`users must be a whole number above 0: ${users}`);
	if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed must be a whole number from 0: ${seed}`);
	const vocabulary = VOCABULARIES[category];
	const label = `${category}/${SAMPLE_VERSION}/${seed}`;
	const itemCount = Math.max(50, Math.round(users * knobs.catalogue.itemsPerUser));
	const catalogue = buildCatalogue(vocabulary, itemCount, new Random(`${label}/catalogue`), knobs);
	const engine = new SearchEngine(catalogue, knobs);
	await mkdir(outDir, { recursive: true });
	await writeItems(join(outDir, "items.csv"), catalogue, vocabulary, label);
	const interactions = new CsvFile(join(outDir, "interactions.csv"), [
		"user_id",
		"action",
		"item_id",
		"query",
		"timestamp",
	]);
	const exposures = new CsvFile(join(outDir, "exposures.csv"), [
		"query",
		"item_id",
		"position",
		"timestamp",
		"user_id",
	]);
	const counter = new StatisticsCounter();
	try {
		for (let user = 1; user <= users; user++) {
			const log = shopperLog(`${label}/shopper/${user}`, vocabulary, engine, knobs);
			counter.add(log);
			addRows(`u${String(user).padStart(6, "0")}`, log, interactions, exposures);
			await interactions.flush();
			await exposures.flush();
			if (user % REPORT_EVERY === 0 || user === users) onProgress?.(user, users);
		}
		await interactions.close();
		await exposures.close();
	} finally {
		interactions.release();
		exposures.release();
	}
	return counter.result(catalogue);
}

async function writeItems(path: string, catalogue: Catalogue, vocabulary: Vocabulary, label: string): Promise<void> {
	const file = new CsvFile(path, ITEM_COLUMNS);
	for (const family of catalogue.families) {
		const titles = familyTitles(family, vocabulary, label);
		const launchedAt = isoTime(LOG_START + Math.floor(family.launchDay) * SECONDS_A_DAY);
		const familyKey = `${vocabulary.prefix}-${family.index + 1}`;
		for (const [index, variant] of family.variants.entries()) {
			file.row(itemRow(variant, titles[index] ?? "", familyKey, launchedAt));
		}
		await file.flush();
	}
	await file.close();
}

function addRows(user: string, log: ShopperLog, interactions: CsvFile, exposures: CsvFile): void {
	for (const event of log.events) {
		const at = isoTime(event.at);
		if (event.action !== "search") {
			interactions.row([user, event.action, event.variant.key, "", at]);
			continue;
		}
		interactions.row([user, "search", "", event.query, at]);
		for (const { variant, position } of event.results) {
			exposures.row([event.query, variant.key, position, at, user]);
		}
	}
}
