import { describeExecutor } from "./describe-executor";
import { rayHost } from "./ray-host";

// Jobs of Ray take seconds to begin. `.ci/run` has a limit of time and asks for the short form; `npm test` runs it whole.
describeExecutor(rayHost, { isShort: process.env.ATELIER_SHORT_SUITES === "1" });
