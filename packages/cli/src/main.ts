import { type AppErrorCode, exitCodeOf, visibleJson, visibleLines } from "@atelier/core";
import { Command, CommanderError } from "commander";
import { toAppError } from "./client";
import { backupCommand, restoreCommand } from "./commands/backup";
import { compareCommand } from "./commands/compare";
import { datasetCommand } from "./commands/dataset";
import { doctorCommand } from "./commands/doctor";
import { figureCommand } from "./commands/figure";
import { hostCommand } from "./commands/host";
import { inspectCommand } from "./commands/inspect";
import { launchCommand } from "./commands/launch";
import { runsCommand } from "./commands/runs";
import { signInCommand } from "./commands/sign-in";
import { sliceCommand } from "./commands/slice";
import { storeCommand } from "./commands/store";
import { tableCommand } from "./commands/table";
import { note } from "./output";

const AFTERWORD = `
Speaks to the console that npm start runs.

Exit codes: 0 done; 1 failed (a file, a run, the console); 2 bad usage (an option, a value, a name that is not there).
With --json, stdout holds one JSON document, {"error": {"code", "message"}} on failure; progress goes to stderr.

First steps:
  npx atelier dataset sample --name sample
  npx atelier launch table2 --dataset sample --wait
  npx atelier table 2 --dataset sample`;

function program(): Command {
	const atelier = new Command("atelier")
		.description("The research console for sequential LLM fashion recommendation, from the terminal.")
		.addHelpText("after", AFTERWORD);
	for (const make of [
		datasetCommand,
		launchCommand,
		hostCommand,
		runsCommand,
		tableCommand,
		figureCommand,
		compareCommand,
		sliceCommand,
		inspectCommand,
		signInCommand,
		doctorCommand,
		storeCommand,
		backupCommand,
		restoreCommand,
	]) {
		atelier.addCommand(make());
	}
	settle(atelier, "npx atelier");
	return atelier;
}

/** Commander's own exits have code 1 for bad usage, ours 2; and an error names the help of the very command. */
function settle(command: Command, call: string): void {
	command
		.exitOverride()
		.showHelpAfterError(`(${call} --help says more)`)
		// Commander repeats what was typed.
		.configureOutput({ writeErr: (text) => process.stderr.write(visibleLines(text)) });
	for (const sub of command.commands) settle(sub, `${call} ${sub.name()}`);
}

/** Runs one command line; sets the process's exit code, never throws. */
export async function main(args: readonly string[]): Promise<void> {
	try {
		await program().parseAsync(args, { from: "user" });
	} catch (error) {
		if (error instanceof CommanderError) {
			if (error.exitCode === 0) return;
			// Commander has written to stderr already.
			report(args, "BAD_REQUEST", error.message.replace(/^error: /, ""));
			process.exitCode = 2;
			return;
		}
		const problem = toAppError(error);
		report(args, problem.code, problem.message);
		note(`atelier: ${problem.message}`);
		process.exitCode = exitCodeOf(problem.code);
	}
}

/** The failure as the one document of a program that asked for JSON. */
function report(args: readonly string[], code: AppErrorCode, message: string): void {
	const wantsJson =
		args.includes("--json") || args.includes("--format=json") || args.join(" ").includes("--format json");
	if (wantsJson) process.stdout.write(`${visibleJson({ error: { code, message } })}\n`);
}
