import { appealOn, type Family, type Variant } from "./catalogue";
import { fit, type Need, type Shopper, variantFit } from "./demand";
import type { Knobs } from "./knobs";
import { firstTerms, refineTerms, wordQuery } from "./queries";
import type { Random } from "./random";
import type { SearchEngine, Shown } from "./search-engine";

export type ShopperEvent =
	| { readonly action: "search"; at: number; readonly query: string; readonly results: readonly Shown[] }
	| { readonly action: "click" | "purchase"; at: number; readonly variant: Variant };

/** What a mission needs to know and to look up. */
export interface Surroundings {
	readonly shopper: Shopper;
	readonly engine: SearchEngine;
	readonly random: Random;
	readonly knobs: Knobs;
}

/** Searches and comparisons of one sitting: what was shown, and which families were opened through which variants. */
export interface Browsed {
	readonly events: ShopperEvent[];
	readonly shown: Map<Family, Shown>;
	readonly opened: Map<Family, Variant[]>;
	/** Seconds since 1970 of the last event. */
	end: number;
}

/**
 * One sitting: queries that are refined until the shopper has seen enough, families opened by position and fit, variants
 * compared. Clicks of a sitting mostly go back and forth between its families.
 *
 * @param start seconds since 1970
 * @param day of the log, for what is on sale
 * @param mostQueries 0 for a shopper who comes straight back to a product, or to the shelf
 * @param fromShelf opens families without a search
 */
export function browse(
	need: Need,
	start: number,
	day: number,
	around: Surroundings,
	mostQueries = around.knobs.shopper.mostQueries,
	fromShelf = false,
): Browsed {
	const { engine, random, knobs } = around;
	const { shopper: habits } = knobs;
	const browsed: Browsed = { events: [], shown: new Map(), opened: new Map(), end: start };
	let terms = firstTerms(need, random, knobs);
	const queries = Math.min(mostQueries, 1 + random.streak(habits.requery, habits.mostQueries - 1));
	for (let round = 0; round < queries; round++) {
		if (round > 0) terms = refineTerms(terms, need, random);
		const query = wordQuery(need, terms, random);
		const results = engine.search(query, need, day, random);
		browsed.events.push({ action: "search", at: 0, query: query.text, results });
		for (const shown of results) if (!browsed.shown.has(shown.family)) browsed.shown.set(shown.family, shown);
		const opens = round > 0 && random.chance(habits.openNone) ? 0 : 1 + random.streak(habits.openMore, 2);
		for (let count = 0; count < opens; count++) {
			const chosen = chooseResult(results, need, browsed.opened, around);
			if (chosen) compare(chosen, need, browsed, around);
		}
	}
	if (fromShelf) openShelf(need, day, browsed, around);
	if (random.chance(habits.backAndForth)) shuffleClicks(browsed.events, random);
	let at = start;
	for (const event of browsed.events) {
		event.at = at;
		at += pause(event.action, random);
	}
	browsed.end = at;
	return browsed;
}

function chooseResult(
	results: readonly Shown[],
	need: Need,
	opened: ReadonlyMap<Family, unknown>,
	around: Surroundings,
): Shown | undefined {
	const { random, knobs, shopper } = around;
	return random.weighted(results, ({ family, variant, position }) => {
		if (opened.has(family)) return 0;
		const colour = variant.colour === need.colour ? 1.4 : 1;
		return (colour * fit(family, need, shopper)) / (1 + knobs.shopper.positionBias * (position - 1));
	});
}

/** Opens families of the wanted type as the category's own pages offer them: nothing is searched, nothing exposed. */
function openShelf(need: Need, day: number, browsed: Browsed, around: Surroundings): void {
	const { engine, random, knobs, shopper } = around;
	const opens = 1 + random.streak(knobs.shopper.openMore, 2);
	for (let count = 0; count < opens; count++) {
		const family = random.weighted([...engine.onSale(need.type, day)], (candidate) =>
			browsed.opened.has(candidate) ? 0 : fit(candidate, need, shopper) * appealOn(candidate, day, knobs),
		);
		const [variant] = family?.variants ?? [];
		if (family && variant) compare({ family, variant }, need, browsed, around);
	}
}

/** Opens a family at the variant on show and looks at some of the others. */
function compare(chosen: Pick<Shown, "family" | "variant">, need: Need, browsed: Browsed, around: Surroundings): void {
	const { random, knobs } = around;
	const looked = [chosen.variant];
	const more = random.streak(knobs.shopper.compareMore, knobs.shopper.mostCompared);
	for (let count = 0; count < more; count++) {
		const next = random.weighted(chosen.family.variants, (variant) =>
			looked.includes(variant) ? 0 : variantFit(variant, need, knobs),
		);
		if (next) looked.push(next);
	}
	browsed.opened.set(chosen.family, looked);
	for (const variant of looked) {
		const looks = 1 + random.streak(knobs.shopper.lookAgain, 2);
		for (let look = 0; look < looks; look++) browsed.events.push({ action: "click", at: 0, variant });
	}
}

/** Puts the clicks in another order; searches stay where they are. */
function shuffleClicks(events: ShopperEvent[], random: Random): void {
	const places = [...events.keys()].filter((index) => events[index]?.action === "click");
	const clicks = random.shuffle(places.flatMap((index) => events[index] ?? []));
	for (const [order, place] of places.entries()) {
		const click = clicks[order];
		if (click) events[place] = click;
	}
}

/** Seconds until the next event: minutes, now and then hours, always less than the 24 that would end a session. */
function pause(action: ShopperEvent["action"], random: Random): number {
	if (random.chance(0.04)) return Math.round(random.between(1, 9) * 3600);
	return Math.round(action === "search" ? random.between(8, 120) : random.between(20, 400));
}

/** The variant that is bought: often the one on show, else a popular one in the wanted colour and size. */
export function chooseVariant(
	family: Family,
	need: Need,
	browsed: Browsed,
	owned: ReadonlySet<Variant>,
	around: Surroundings,
): Variant | undefined {
	const { random, knobs } = around;
	const shown = browsed.shown.get(family)?.variant;
	if (shown && !owned.has(shown) && random.chance(knobs.shopper.buysShown)) return shown;
	return random.weighted(family.variants, (variant) => (owned.has(variant) ? 0 : variantFit(variant, need, knobs)));
}

/** Ends a sitting with a purchase, mostly after a last look at the item. */
export function buy(variant: Variant, browsed: Browsed, around: Surroundings): void {
	const { random, knobs } = around;
	if (random.chance(knobs.shopper.clicksBought)) {
		browsed.events.push({ action: "click", at: browsed.end, variant });
		browsed.end += pause("click", random);
	}
	browsed.events.push({ action: "purchase", at: browsed.end, variant });
}

/** Days between two sittings of one mission; long enough for the 24-hour rule to see two sessions. */
export function daysUntilReturn(random: Random): number {
	return random.between(1.5, 9);
}
