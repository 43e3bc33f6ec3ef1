// The worker of an image. Its trainer's packages are part of the image: nothing installs, they are checked once.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { home } from "../scripts/lib/paths.mjs";
import { keepPrivate } from "../scripts/lib/private-files.mjs";
import { lastLines } from "../scripts/lib/run.mjs";
import { writeTrainerState } from "../scripts/lib/trainer.mjs";

const trainer = fileURLToPath(new URL("../packages/trainer", import.meta.url));

keepPrivate(home);
writeTrainerState("installing", "checking the packages of the image");
const { status, stdout, stderr, error } = spawnSync(
	process.env.ATELIER_TRAINER_PYTHON ?? "python3",
	["-m", "atelier_trainer", "check"],
	{ cwd: trainer, encoding: "utf8" },
);
if (status === 0) writeTrainerState("ready", "");
else writeTrainerState("failed", "", `The trainer of this image: ${error?.message ?? lastLines(stderr || stdout, 3)}`);

await import("tsx");
await import("../apps/worker/src/main.ts");
