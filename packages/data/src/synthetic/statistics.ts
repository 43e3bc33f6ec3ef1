import type { Catalogue } from "./catalogue";
import { type PurchaseSource, SAMPLE_VERSION } from "./knobs";
import type { ShopperLog } from "./shopper-log";

/** What `writeSample` wrote, counted before the importer or the split takes anything out. */
export interface SampleStatistics {
	readonly version: typeof SAMPLE_VERSION;
	readonly users: number;
	readonly items: number;
	readonly families: number;
	readonly searches: number;
	readonly clicks: number;
	/** Clicks on an item that the same shopper buys; the split drops them. */
	readonly clicksOnBought: number;
	readonly purchases: number;
	readonly exposures: number;
	readonly distinctQueries: number;
	/** Searches, clicks and purchases less `clicksOnBought`, as the paper counts them. */
	readonly interactionsPerUser: number;
	readonly interactionsPerItem: number;
	readonly itemsPerUser: number;
	/** Interactions / (users × items). */
	readonly density: number;
	/** Share of purchases by where the shopper came upon the family; sums to 1. */
	readonly purchasesBySource: Readonly<Record<PurchaseSource, number>>;
	/** Share of purchases whose very item, not just its family, the sitting's results showed. */
	readonly boughtAsShown: number;
}

/** Counts while the log streams by. */
export class StatisticsCounter {
	readonly #sources = new Map<PurchaseSource, number>();
	readonly #queries = new Set<string>();
	#users = 0;
	#searches = 0;
	#clicks = 0;
	#clicksOnBought = 0;
	#purchases = 0;
	#exposures = 0;
	#boughtAsShown = 0;

	add({ events, sources }: ShopperLog): void {
		this.#users++;
		const bought = new Set(events.flatMap((event) => (event.action === "purchase" ? [event.variant] : [])));
		let shown = new Set<unknown>();
		for (const event of events) {
			if (event.action === "search") {
				this.#searches++;
				this.#exposures += event.results.length;
				this.#queries.add(event.query);
				for (const { variant } of event.results) shown.add(variant);
			} else if (event.action === "click") {
				this.#clicks++;
				if (bought.has(event.variant)) this.#clicksOnBought++;
			} else {
				this.#purchases++;
				if (shown.has(event.variant)) this.#boughtAsShown++;
				shown = new Set();
			}
		}
		for (const source of sources) this.#sources.set(source, (this.#sources.get(source) ?? 0) + 1);
	}

	result(catalogue: Catalogue): SampleStatistics {
		const interactions = this.#searches + this.#clicks + this.#purchases - this.#clicksOnBought;
		const share = (source: PurchaseSource) => (this.#sources.get(source) ?? 0) / Math.max(this.#purchases, 1);
		return {
			version: SAMPLE_VERSION,
			users: this.#users,
			items: catalogue.items,
			families: catalogue.families.length,
			searches: this.#searches,
			clicks: this.#clicks,
			clicksOnBought: this.#clicksOnBought,
			purchases: this.#purchases,
			exposures: this.#exposures,
			distinctQueries: this.#queries.size,
			interactionsPerUser: interactions / this.#users,
			interactionsPerItem: interactions / catalogue.items,
			itemsPerUser: catalogue.items / this.#users,
			density: interactions / (this.#users * catalogue.items),
			purchasesBySource: {
				opened: share("opened"),
				results: share("results"),
				related: share("related"),
				earlier: share("earlier"),
				browsing: share("browsing"),
				new: share("new"),
			},
			boughtAsShown: this.#boughtAsShown / Math.max(this.#purchases, 1),
		};
	}
}
