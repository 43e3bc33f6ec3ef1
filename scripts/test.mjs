const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
	console.error(`Atelier needs Node 20 or newer, and this is ${process.version} at ${process.execPath}.`);
	process.exit(1);
}
import("./lib/test-everything.mjs").then(({ testEverything }) => testEverything());
