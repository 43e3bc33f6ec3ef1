/** What a run waits for, as the record shows it at this moment. */
export type Waiting = (
	| {
			/** One of its stages is ready and waits for a free slot. */
			for: "slot";
			stage: string;
			/** From 1, among the stages that are ready, in the order in which they will start. */
			position: number;
			of: number;
	  }
	| {
			/** A stage that it shares runs in another run. */
			for: "stage";
			stage: string;
			runId: string;
	  }
	/** The trainer's Python packages are not there (`detail`: how far they are). */
	| { for: "trainer"; stage: string; hasFailed: boolean; detail: string }
	/** The host that its launch names takes nothing now. */
	| { for: "host"; stage: string; host: string; state: "unreachable" | "draining" | "gone" }
	/** No worker is there that would run anything. */
	| { for: "worker" }
	/** What is left of a cancelled attempt has yet to end. */
	| { for: "ending"; stage: string }
	/** Every stage is done; metrics and predictions are being loaded. */
	| { for: "results" }
) & {
	/** How long until it starts, from what such stages took here; null where that is not known. */
	startsInMs: number | null;
};

/** What a run waits for, in a sentence; times are the caller's to add. */
export function waitingSentence(waiting: Waiting): string {
	switch (waiting.for) {
		case "slot":
			return waiting.position === 1
				? `Waits for a free slot: its ${waiting.stage} is next, of ${counted(waiting.of, "ready stage")}.`
				: `Waits for a free slot: its ${waiting.stage} is ${ordinal(waiting.position)} of ${counted(waiting.of, "ready stage")}.`;
		case "stage":
			return `Waits for ${waiting.stage}, which runs in run ${waiting.runId.slice(0, 8)}.`;
		case "trainer": {
			const what = waiting.hasFailed
				? "the trainer's Python packages, whose installation failed"
				: "the trainer's Python packages, which are being installed";
			return `Its ${waiting.stage} waits for ${what}${waiting.detail ? ` (${waiting.detail})` : ""}.`;
		}
		case "host": {
			const how = { unreachable: "does not answer", draining: "takes nothing new", gone: "is not there any more" };
			return `Its ${waiting.stage} waits for host ${waiting.host}, which ${how[waiting.state]}.`;
		}
		case "worker":
			return "Waits for a worker: none is running.";
		case "ending":
			return `Waits for a cancelled attempt at ${waiting.stage} to end.`;
		case "results":
			return "Every stage is done; its results are being loaded.";
	}
}

/** The same in two or three words, for a table's cell. */
export function waitingWords(waiting: Waiting): string {
	switch (waiting.for) {
		case "slot":
			return waiting.position === 1 ? "next" : `${ordinal(waiting.position)} of ${waiting.of.toLocaleString("en-US")}`;
		case "stage":
			return `for ${waiting.stage} of ${waiting.runId.slice(0, 8)}`;
		case "trainer":
			return "for the trainer";
		case "host":
			return `for host ${waiting.host}`;
		case "worker":
			return "for a worker";
		case "ending":
			return `for ${waiting.stage} to end`;
		case "results":
			return "for its results";
	}
}

function counted(count: number, noun: string): string {
	return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** `1st`, `2nd`, `3rd`, `11th`, `21st`, `1,112th`. */
export function ordinal(count: number): string {
	const isTeen = Math.floor(count / 10) % 10 === 1;
	const ending = isTeen ? "th" : (["th", "st", "nd", "rd"][count % 10] ?? "th");
	return `${count.toLocaleString("en-US")}${ending}`;
}
