import { expect, it } from "vitest";
import { describeExecutor } from "./describe-executor";
import { localHost } from "./local-host";

it.runIf(process.env.CI)("no host that CI can have is left out unseen", () => {
	expect(localHost.missing).toBeNull();
});

describeExecutor(localHost, { isShort: process.env.ATELIER_SHORT_SUITES === "1" });
