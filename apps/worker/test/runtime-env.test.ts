import { hostSettings } from "@atelier/core";
import { expect, test } from "vitest";
import { runtimeEnv } from "../src/executors/ray/runtime-env";

const TRAINER = new URL("../../../packages/trainer", import.meta.url).pathname;
const trainer = { name: "trainer.zip", uri: "gcs://trainer.zip", bytes: Buffer.alloc(0) };

test("a host with the settings that it has by itself installs the pinned packages that are in the checkout", async () => {
	const env = await runtimeEnv(hostSettings.parse({}), trainer, TRAINER);
	expect(env).toMatchObject({ working_dir: trainer.uri });
	expect(JSON.stringify(env.pip)).toContain("torch==");
});
