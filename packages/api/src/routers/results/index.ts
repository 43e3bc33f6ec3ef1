import { router } from "../../trpc";
import { compare } from "./compare";
import { comparison } from "./comparison";
import { differingShoppers } from "./differing-shoppers";
import { figure4 } from "./figure-4";
import { figure5 } from "./figure-5";
import { figure6 } from "./figure-6";
import { findings } from "./findings";
import { jointRanks } from "./joint-ranks";
import { listOverlap } from "./list-overlap";
import { sliced } from "./sliced";
import { slicedRuns } from "./sliced-runs";
import { table1 } from "./table-1";
import { table2 } from "./table-2";
import { table3 } from "./table-3";

export const results = router({
	table1,
	table2,
	table3,
	figure4,
	figure5,
	figure6,
	findings,
	compare,
	comparison,
	jointRanks,
	listOverlap,
	differingShoppers,
	sliced,
	slicedRuns,
});
