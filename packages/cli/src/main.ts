import { exitCodeOf } from "@atelier/core";
import { Command, CommanderError } from "commander";
import { toAppError } from "./client";
import { datasetCommand } from "./commands/dataset";
import { doctorCommand } from "./commands/doctor";
import { inspectCommand } from "./commands/inspect";
import { launchCommand } from "./commands/launch";
import { runsCommand } from "./commands/runs";
import { signInCommand } from "./commands/sign-in";
import { tableCommand } from "./commands/table";

function program(): Command {
	const atelier = new Command("atelier")
		.description("The research console for sequential LLM fashion recommendation, from the terminal.")
		.addHelpText("after", "\nSpeaks to the console that npm start runs. Exit codes: 0 done, 1 failed, 2 bad usage.")
		.showHelpAfterError("(atelier --help lists the commands)");
	for (const make of [
		datasetCommand,
		launchCommand,
		runsCommand,
		tableCommand,
		inspectCommand,
		signInCommand,
		doctorCommand,
	]) {
		atelier.addCommand(make());
	}
	exitByThrowing(atelier);
	return atelier;
}

/** Commander's own exits have code 1 for bad usage; ours is 2. */
function exitByThrowing(command: Command): void {
	command.exitOverride();
	for (const sub of command.commands) exitByThrowing(sub);
}

/** Runs one command line; sets the process's exit code, never throws. */
export async function main(args: readonly string[]): Promise<void> {
	try {
		await program().parseAsync(args, { from: "user" });
	} catch (error) {
		if (error instanceof CommanderError) {
			process.exitCode = error.exitCode === 0 ? 0 : 2;
			return;
		}
		const problem = toAppError(error);
		if (args.includes("--json")) {
			process.stdout.write(`${JSON.stringify({ error: { code: problem.code, message: problem.message } })}\n`);
		}
		process.stderr.write(`atelier: ${problem.message}\n`);
		process.exitCode = exitCodeOf(problem.code);
	}
}
