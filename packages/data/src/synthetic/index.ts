export { SAMPLE_CATEGORIES, type SampleCategory } from "./categories";
export { PURCHASE_SOURCES, type PurchaseSource, SAMPLE_VERSION } from "./knobs";
export type { SampleStatistics } from "./statistics";
export { type SampleOptions, writeSample } from "./write-sample";
