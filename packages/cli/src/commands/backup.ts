import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Command } from "commander";

// Plain scripts, as npm start is: a backup is taken whether Atelier runs or not, and a restore before it ever ran.
const SCRIPT = fileURLToPath(new URL("../../../../scripts/backup.mjs", import.meta.url));

async function run(...args: string[]): Promise<void> {
	const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: "inherit" });
	const [code] = await once(child, "exit");
	process.exitCode = typeof code === "number" ? code : 1;
}

export const backupCommand = () =>
	new Command("backup")
		.description("write the record to one file, while Atelier runs or not; with --with-store what it was made from too")
		.argument("<file>", "a new file, for example atelier.tar")
		.option("--with-store", "also the store: datasets, weights and everything that stages made")
		.addHelpText(
			"after",
			`
The file holds datasets, runs, results, prompts and predictions as of one moment, with a checksum of every part. It
holds no passwords, secrets or sessions. It is readable by you alone: shopping logs are in it.`,
		)
		.action((file: string, options: { withStore?: boolean }) =>
			run("backup", file, ...(options.withStore ? ["--with-store"] : [])),
		);

export const restoreCommand = () =>
	new Command("restore")
		.description("bring a backup into an empty data folder (ATELIER_HOME names it)")
		.argument("<file>", "what npx atelier backup wrote")
		.addHelpText(
			"after",
			`
The file is read and checked whole before anything is written; a data folder in use is refused. Afterwards npm start
brings it up. Without the store in the file, results can be read, and what new runs need is made again.`,
		)
		.action((file: string) => run("restore", file));
