import { waitingWords } from "@atelier/core";
import { Command, InvalidArgumentError } from "commander";
import { connect } from "../client";
import { duration, print, printJson, shortId } from "../output";

interface Json {
	json?: boolean;
}

/** The part of a run's row that says how far it is. */
interface RunState {
	status: string;
	waiting: Parameters<typeof waitingWords>[0] | null;
	progress: { done: number; total: number };
}

/** `running 3/9`, `waiting 3/9, 2nd of 14`, `succeeded`. A run that is queued waits, and says for what. */
export function runState({ status, waiting, progress }: RunState): string {
	if (status !== "queued" && status !== "running") return status;
	const how = status === "queued" ? "waiting" : status;
	const what = waiting === null ? "" : `, ${waitingWords(waiting)}`;
	return `${how} ${progress.done}/${progress.total}${what}`;
}

/** Time in which a run's stages ran. One that found every stage made took none. */
export function took({ status, workedMs }: { status: string; workedMs: number }): string | null {
	if (workedMs > 0) return duration(workedMs);
	return status === "succeeded" ? "reused" : null;
}

export function priorityNumber(text: string): number {
	const value = Number(text);
	if (!/^-?\d+$/.test(text) || value < -10 || value > 10) {
		throw new InvalidArgumentError("wants a whole number from -10 to 10.");
	}
	return value;
}

export function upCommand(): Command {
	return new Command("up")
		.description("move runs that have not ended to the front of the queue, in the order given")
		.argument("<runs...>", "ids, or beginnings of them")
		.option("--json", "print one JSON document")
		.action(async (ids: string[], options: Json) => {
			const result = await connect().runs.moveUp.mutate({ ids });
			if (options.json) return printJson(result);
			const rest = result.moved < ids.length ? " The others had ended." : "";
			print(`Moved ${result.moved} of ${ids.length} runs to the front of the queue.${rest}`);
		});
}

export function fenceCommand(): Command {
	return new Command("fence")
		.description("give up what runs of these runs on a host that does not answer, so that it is begun again")
		.argument("<runs...>", "ids, or beginnings of them")
		.option("--json", "print one JSON document")
		.action(async (ids: string[], options: Json) => {
			const { fenced } = await connect().runs.fence.mutate({ ids });
			if (options.json) return printJson({ fenced });
			print(`Fenced ${fenced.length} stages: they are begun again. What may still run is ended when its host is back.`);
		});
}

export function priorityCommand(): Command {
	return new Command("priority")
		.description("set the priority of a launch: of what waits, the higher goes first; what runs goes on")
		.argument("<launch>", "id of the launch, or the beginning of one")
		.argument("<priority>", "a whole number from -10 to 10; 0 is usual", priorityNumber)
		.option("--json", "print one JSON document")
		.action(async (launch: string, priority: number, options: Json) => {
			const result = await connect().launch.prioritise.mutate({ launch, priority });
			if (options.json) return printJson(result);
			print(`Launch ${shortId(result.launchId)} has priority ${result.priority}.`);
		});
}
