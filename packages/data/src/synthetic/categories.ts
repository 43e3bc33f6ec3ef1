import { ACCESSORIES_JEWELRY } from "./vocabulary/accessories-jewelry";
import { CLOTHING } from "./vocabulary/clothing";
import { FOOTWEAR } from "./vocabulary/footwear";
import { LUGGAGE_BAGS } from "./vocabulary/luggage-bags";
import type { Vocabulary } from "./vocabulary/words";

export type SampleCategory = "luggage-bags" | "footwear" | "accessories-jewelry" | "clothing";

/** The four categories of the sample, in the order of the paper's tables. */
export const SAMPLE_CATEGORIES: readonly { slug: SampleCategory; title: string }[] = [
	{ slug: "luggage-bags", title: "Luggage & Bags" },
	{ slug: "footwear", title: "Footwear" },
	{ slug: "accessories-jewelry", title: "Accessories & Jewelry" },
	{ slug: "clothing", title: "Clothing" },
];

export const VOCABULARIES: Record<SampleCategory, Vocabulary> = {
	"luggage-bags": LUGGAGE_BAGS,
	footwear: FOOTWEAR,
	"accessories-jewelry": ACCESSORIES_JEWELRY,
	clothing: CLOTHING,
};
