import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sentenceFor } from "./lib/failure.mjs";
import { installRay, isRayInstalled } from "./lib/ray-environment.mjs";
import { startRayHead } from "./lib/ray-head.mjs";
import { step } from "./lib/steps.mjs";
import { trainerPython } from "./lib/trainer.mjs";

const HELP = `npm run ray-head: a GPU host to try things with, on this machine.

Installs Ray (about 400 MB, once) and starts a head on loopback that asks for a token, until Ctrl-C. All it keeps lies in
one folder; what it needs of the console comes to it over HTTP. Then, in another terminal, the command that it prints.

  --port N       of its Jobs API (8265)
  --folder PATH  where it keeps its files, a short path (${join(tmpdir(), "atelier-ray-head")})`;

const { values } = parseArgs({
	options: {
		port: { type: "string", default: "8265" },
		folder: { type: "string", default: join(tmpdir(), "atelier-ray-head") },
		help: { type: "boolean", default: false },
	},
});
if (values.help) {
	console.log(HELP);
	process.exit(0);
}

try {
	if (!isRayInstalled()) {
		const why = await step("Installing Ray", async () => ({ result: await installRay() }));
		if (why) throw new Error(why);
	}
	const head = await step("Starting a Ray head", async () => ({
		result: await startRayHead({ folder: values.folder, port: Number(values.port) }),
	}));
	console.log(`\nRay answers at ${head.address}; its token is in ${head.tokenFile}. To run stages there:\n`);
	console.log(
		`  npx atelier host add here --address ${head.address} --token-file ${head.tokenFile} --environment image --python ${trainerPython}\n`,
	);
	console.log("Ctrl-C stops it, and what runs on it.");
	// Something has to keep this process: the head itself does not.
	const keep = setInterval(() => undefined, 60_000);
	const stop = async () => {
		clearInterval(keep);
		await head.stop();
		process.exit(0);
	};
	process.once("SIGINT", stop);
	process.once("SIGTERM", stop);
} catch (error) {
	console.error(sentenceFor(error));
	process.exit(1);
}
