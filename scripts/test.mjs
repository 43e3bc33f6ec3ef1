const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
	console.error(`Atelier needs Node 20 or newer, and this is ${process.version} at ${process.execPath}.`);
	process.exit(1);
}
import("./lib/usage.mjs").then(async ({ answerArguments, TEST_HELP }) => {
	const code = answerArguments(process.argv.slice(2), TEST_HELP);
	if (code !== null) process.exit(code);
	const { testEverything } = await import("./lib/test-everything.mjs");
	return testEverything();
});
