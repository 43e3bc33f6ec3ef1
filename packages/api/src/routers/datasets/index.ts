import { router } from "../../trpc";
import { cancelImport } from "./cancel-import";
import { characteristics } from "./characteristics";
import { characteristicsOverview } from "./characteristics-overview";
import { formats } from "./formats";
import { get } from "./get";
import { importDataset } from "./import";
import { importState } from "./import-state";
import { items } from "./items";
import { list } from "./list";
import { profile } from "./profile";
import { quarantine } from "./quarantine";
import { remove } from "./remove";
import { sample } from "./sample";
import { sequence } from "./sequence";
import { shoppers } from "./shoppers";

export const datasets = router({
	list,
	get,
	profile,
	characteristics,
	characteristicsOverview,
	formats,
	import: importDataset,
	importState,
	sample,
	cancelImport,
	remove,
	items,
	shoppers,
	sequence,
	quarantine,
});
