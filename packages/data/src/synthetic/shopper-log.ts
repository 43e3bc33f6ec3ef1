import { dayOn, LOG_START, SECONDS_A_DAY, shoppingMoment } from "./calendar";
import { type Family, isOnSale, type Variant } from "./catalogue";
import { makeNeed, makeShopper, type Need } from "./demand";
import { type Knobs, PURCHASE_SOURCES, type PurchaseSource } from "./knobs";
import {
	type Browsed,
	browse,
	buy,
	chooseVariant,
	daysUntilReturn,
	type ShopperEvent,
	type Surroundings,
} from "./mission";
import { chooseFamily } from "./purchase";
import { Random } from "./random";
import type { SearchEngine } from "./search-engine";
import type { Vocabulary } from "./vocabulary/words";

/** All that one shopper did, in order of time, and where each purchase came from. */
export interface ShopperLog {
	readonly events: readonly ShopperEvent[];
	readonly sources: readonly PurchaseSource[];
}

/**
 * One shopper's year: missions that never overlap, each of one sitting or two and one purchase. Shoppers hang on the
 * catalogue and the seed alone, not on each other, so the log streams shopper by shopper.
 */
export function shopperLog(label: string, vocabulary: Vocabulary, engine: SearchEngine, knobs: Knobs): ShopperLog {
	const random = new Random(label);
	const around: Surroundings = { shopper: makeShopper(vocabulary, random), engine, random, knobs };
	const moments = Array.from({ length: 1 + random.category(knobs.missions) }, () => shoppingMoment(knobs.days, random));
	const history: History = { events: [], sources: [], opened: new Set(), owned: new Set(), end: 0 };
	for (const moment of moments.sort((left, right) => left - right)) {
		const rested = history.end + 2 * SECONDS_A_DAY;
		runMission(Math.max(LOG_START + Math.round(moment * SECONDS_A_DAY), rested), vocabulary, history, around);
	}
	return history;
}

interface History {
	readonly events: ShopperEvent[];
	readonly sources: PurchaseSource[];
	readonly opened: Set<Family>;
	readonly owned: Set<Variant>;
	end: number;
}

function runMission(start: number, vocabulary: Vocabulary, history: History, around: Surroundings): void {
	const { random, knobs } = around;
	const need = makeNeed(around.shopper, dayOn(start), vocabulary, random);
	const wanted = PURCHASE_SOURCES[random.category(knobs.sources)] ?? "opened";
	history.end = start;
	let mostQueries: number = knobs.shopper.mostQueries;
	if (wanted === "earlier") {
		if (rememberedFamilies(need, dayOn(start), history).length === 0) {
			remember(browse(need, start, dayOn(start), around), history);
			history.end += Math.round(daysUntilReturn(random) * SECONDS_A_DAY);
		}
		mostQueries = random.chance(knobs.shopper.searchesOnReturn) ? 1 : 0;
	}
	const day = dayOn(history.end);
	// No draw where nobody comes directly: version 1 of the fashion categories must keep its bytes.
	const direct = mostQueries > 0 && knobs.shopper.direct > 0 && random.chance(knobs.shopper.direct);
	const sitting = browse(need, history.end, day, around, direct ? 0 : mostQueries, direct);
	const remembered = rememberedFamilies(need, day, history);
	for (const source of [wanted, "opened", "results", "browsing"] as const) {
		const family = chooseFamily(source, need, day, sitting, remembered, around);
		const variant = family && chooseVariant(family, need, sitting, history.owned, around);
		if (!variant) continue;
		buy(variant, sitting, around);
		history.owned.add(variant);
		history.sources.push(source);
		break;
	}
	remember(sitting, history);
}

/** Families of the wanted type that the shopper opened in an earlier sitting and that are still sold. */
function rememberedFamilies(need: Need, day: number, history: History): Family[] {
	return [...history.opened].filter((family) => family.type === need.type && isOnSale(family, day));
}

function remember(sitting: Browsed, history: History): void {
	for (const family of sitting.opened.keys()) history.opened.add(family);
	history.events.push(...sitting.events);
	history.end = sitting.end;
}
