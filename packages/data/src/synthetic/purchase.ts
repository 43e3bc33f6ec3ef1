import { appealOn, type Family } from "./catalogue";
import { fit, type Need } from "./demand";
import type { PurchaseSource } from "./knobs";
import type { Browsed, Surroundings } from "./mission";
import type { Random } from "./random";

/** Families younger than this count as newly launched, in days. */
const NEW_DAYS = 30;

/**
 * The family that is bought, given where it is to come from; undefined when that source has nothing to offer (no family
 * of the type launched lately, say). All sources but the first two leave out what this sitting's searches showed.
 *
 * @param earlier families opened in the shopper's earlier sittings
 */
export function chooseFamily(
	source: PurchaseSource,
	need: Need,
	day: number,
	browsed: Browsed,
	earlier: readonly Family[],
	around: Surroundings,
): Family | undefined {
	const { random, shopper, engine, knobs } = around;
	const elsewhere = () => [...engine.onSale(need.type, day)].filter((family) => !browsed.shown.has(family));
	switch (source) {
		case "opened":
			return random.weighted(
				[...browsed.opened],
				([family, looked]) => fit(family, need, shopper) * looked.length * looked.length,
			)?.[0];
		case "results":
			return random.weighted([...browsed.shown.values()], ({ family, position }) => {
				if (browsed.opened.has(family)) return 0;
				return fit(family, need, shopper) / (1 + knobs.shopper.positionBias * (position - 1));
			})?.family;
		case "related": {
			const anchor = random.weighted([...browsed.opened.keys()], () => 1);
			return anchor && random.weighted(elsewhere(), (family) => kinship(family, anchor));
		}
		case "earlier":
			return pickUnseen(earlier, browsed, random);
		case "browsing":
			return random.weighted(elsewhere(), (family) => fit(family, need, shopper) * appealOn(family, day, knobs));
		case "new": {
			const fresh = elsewhere().filter((family) => day - family.launchDay < NEW_DAYS);
			return random.weighted(fresh, (family) => fit(family, need, shopper));
		}
	}
}

function pickUnseen(families: readonly Family[], browsed: Browsed, random: Random): Family | undefined {
	const unseen = families.filter((family) => !browsed.shown.has(family));
	return unseen.length > 0 ? random.pick(unseen) : undefined;
}

/** How close a family is to the one on whose page it is recommended; fixed for the pair but for what they share. */
function kinship(family: Family, anchor: Family): number {
	if (family.department !== anchor.department) return 0.02;
	let value = 1;
	if (family.brand === anchor.brand) value *= 5;
	if (family.styles.some((style) => anchor.styles.includes(style))) value *= 3;
	if (family.occasions.some((occasion) => anchor.occasions.includes(occasion))) value *= 1.8;
	if (family.material === anchor.material) value *= 1.6;
	return value;
}
