export {
	CONTRAST_CATEGORIES,
	type ContrastCategory,
	SAMPLE_CATEGORIES,
	type SampleCategory,
	SYNTHETIC_CATEGORIES,
	type SyntheticCategory,
} from "./categories";
export { PURCHASE_SOURCES, type PurchaseSource, SAMPLE_VERSION } from "./knobs";
export type { SampleStatistics } from "./statistics";
export { type SampleOptions, writeSample } from "./write-sample";
