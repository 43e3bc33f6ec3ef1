import { IMPORT_FORMATS } from "@atelier/data";
import { procedure } from "../../trpc";

const DESCRIPTIONS: Record<(typeof IMPORT_FORMATS)[number], string> = {
	atelier: "Our own format: items, interactions and exposures, each CSV, JSON Lines or Parquet.",
	recbole: "RecBole atomic files: .inter and .item.",
	"amazon-reviews": "Amazon Reviews 2023: reviews and meta JSON Lines; searches are derived from the category path.",
	sequences: "One user per line: the user, then items in time order.",
	mapping: "Any CSV, TSV, JSON Lines or Parquet through a YAML file that names the columns.",
};

/** What `datasets.import` reads, for the dialog. `mappings` come with Atelier and are given by name. */
export const formats = procedure.query(() => ({
	formats: IMPORT_FORMATS.map((id) => ({ id, description: DESCRIPTIONS[id] })),
	mappings: [
		{ id: "hm", description: "H&M Personalized Fashion Recommendations: transactions and articles." },
		{ id: "jdsearch", description: "JDsearch: user behaviour and product metadata." },
	],
}));
