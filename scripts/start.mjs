// Syntax and imports here are old on purpose: a Node that is too old must get as far as the sentence below.
const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
	console.error(`Atelier needs Node 20 or newer, and this is ${process.version} at ${process.execPath}.`);
	process.exit(1);
}
import("./lib/usage.mjs").then(async ({ answerArguments, START_HELP }) => {
	const args = process.argv.slice(2);
	const endsTraining = args.length === 1 && args[0] === "--stop-trainers";
	const code = endsTraining ? null : answerArguments(args, START_HELP);
	if (code !== null) process.exit(code);
	const { startAtelier, stopLeftTrainers } = await import("./lib/start-atelier.mjs");
	return endsTraining ? process.exit(await stopLeftTrainers()) : startAtelier();
});
