import { datasets } from "./routers/datasets";
import { hosts } from "./routers/hosts";
import { get as getInspected } from "./routers/inspector/get";
import { recommend } from "./routers/inspector/recommend";
import { runs as inspectableRuns } from "./routers/inspector/runs";
import { shoppers } from "./routers/inspector/shoppers";
import { create } from "./routers/launch/create";
import { plan } from "./routers/launch/plan";
import { prioritise } from "./routers/launch/prioritise";
import { outside } from "./routers/outside";
import { get as getOverview } from "./routers/overview/get";
import { results } from "./routers/results";
import { runs } from "./routers/runs";
import { me } from "./routers/session/me";
import { signInLink } from "./routers/session/sign-in-link";
import { slices } from "./routers/slices";
import { list as listSuites } from "./routers/suites/list";
import { checkStore } from "./routers/system/check-store";
import { status } from "./routers/system/status";
import { uploads } from "./routers/uploads";
import { createCaller, router } from "./trpc";

export const appRouter = router({
	session: router({ me, signInLink }),
	system: router({ checkStore, status }),
	overview: router({ get: getOverview }),
	datasets,
	suites: router({ list: listSuites }),
	uploads,
	launch: router({ plan, create, prioritise }),
	hosts,
	runs,
	results,
	slices,
	outside,
	inspector: router({ runs: inspectableRuns, shoppers, get: getInspected, recommend }),
});
export type AppRouter = typeof appRouter;
/** The router without HTTP, for tests. */
export const createApiCaller = createCaller(appRouter);
