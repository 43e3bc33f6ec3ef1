import { ELECTRONICS_KNOBS, TOYS_KNOBS } from "./contrast-knobs";
import { KNOBS, type Knobs } from "./knobs";
import { ACCESSORIES_JEWELRY } from "./vocabulary/accessories-jewelry";
import { CLOTHING } from "./vocabulary/clothing";
import { ELECTRONICS } from "./vocabulary/electronics";
import { FOOTWEAR } from "./vocabulary/footwear";
import { LUGGAGE_BAGS } from "./vocabulary/luggage-bags";
import { TOYS } from "./vocabulary/toys";
import type { Vocabulary } from "./vocabulary/words";

/** The paper's four. */
export type SampleCategory = "luggage-bags" | "footwear" | "accessories-jewelry" | "clothing";
/** What the paper sets fashion against in its section 3. */
export type ContrastCategory = "electronics" | "toys";
export type SyntheticCategory = SampleCategory | ContrastCategory;

/** The four categories of the sample, in the order of the paper's tables. */
export const SAMPLE_CATEGORIES: readonly { slug: SampleCategory; title: string }[] = [
	{ slug: "luggage-bags", title: "Luggage & Bags" },
	{ slug: "footwear", title: "Footwear" },
	{ slug: "accessories-jewelry", title: "Accessories & Jewelry" },
	{ slug: "clothing", title: "Clothing" },
];

/** Not fashion: for the dataset analysis only, in a group of their own. */
export const CONTRAST_CATEGORIES: readonly { slug: ContrastCategory; title: string }[] = [
	{ slug: "electronics", title: "Electronics" },
	{ slug: "toys", title: "Toys" },
];

/** Everything that the generator can make. */
export const SYNTHETIC_CATEGORIES: readonly { slug: SyntheticCategory; title: string }[] = [
	...SAMPLE_CATEGORIES,
	...CONTRAST_CATEGORIES,
];

export const VOCABULARIES: Record<SyntheticCategory, Vocabulary> = {
	"luggage-bags": LUGGAGE_BAGS,
	footwear: FOOTWEAR,
	"accessories-jewelry": ACCESSORIES_JEWELRY,
	clothing: CLOTHING,
	electronics: ELECTRONICS,
	toys: TOYS,
};

/** What shapes a category's log: the same for all of fashion. */
export function knobsOf(category: SyntheticCategory): Knobs {
	if (category === "electronics") return ELECTRONICS_KNOBS;
	return category === "toys" ? TOYS_KNOBS : KNOBS;
}
