import { sentenceFor } from "./lib/failure.mjs";

// Run by `npx atelier backup` and `npx atelier restore`, which have checked what was typed.
const [command, file = "", ...options] = process.argv.slice(2);
try {
	if (command === "restore") await (await import("./lib/restore.mjs")).restore({ file });
	else await (await import("./lib/backup.mjs")).backup({ file, withStore: options.includes("--with-store") });
} catch (error) {
	console.error(`\n${sentenceFor(error)}`);
	process.exit(1);
}
