import { MEMBERS } from "./installation";
import type { Kill } from "./kill-at-random";
import type { RunFigures } from "./record-checks";
import { DETERMINISTIC } from "./work";

export interface Findings {
	kills: Kill[];
	launches: number;
	runs: RunFigures[];
	/** Runs of launches that had been answered and are not in the record. */
	missing: string[];
	/** Runs that were cancelled because it was asked for. */
	cancelled: string[];
	doubled: string[];
	stuck: string[];
	/** Runs of the same work, undisturbed. */
	reference: RunFigures[];
	leftRunning: number;
	/** Starts that gave up without having been killed. */
	failedStarts: string[];
	live: "answered" | "not tried" | "failed";
}

/** @returns lines for people, and whether anything is wrong */
export function report(findings: Findings): { lines: string[]; isClean: boolean } {
	const { kills, runs, reference } = findings;
	const lost = [
		...findings.missing.map((id) => `run ${id} is not in the record`),
		...runs.flatMap(({ id, method, status, error }) => {
			const isAsAsked = findings.cancelled.includes(id)
				? status === "cancelled" || status === "succeeded"
				: status === "succeeded";
			return isAsAsked ? [] : [`run ${id} (${method}) is ${status}${error ? `: ${error}` : ""}`];
		}),
	];
	const compared = runs
		.filter(({ status }) => status === "succeeded")
		.flatMap((run) => {
			const other = reference.find(({ method, seed }) => method === run.method && seed === run.seed);
			return other === undefined ? [] : [{ run, isSame: run.metrics.join() === other.metrics.join() }];
		});
	const different = compared.filter(({ isSame }) => !isSame).map(({ run }) => `${run.method} with seed ${run.seed}`);
	const wrong = different.filter((name) => DETERMINISTIC.some((method) => name.startsWith(`${method} with`)));
	const counts = MEMBERS.map((member) => `${member} ${kills.filter((kill) => kill.member === member).length}`);
	const seconds = Math.round((kills.at(-1)?.atMs ?? 0) / 1000);
	const problems = [lost, findings.doubled, findings.stuck, wrong];
	return {
		isClean: problems.every((list) => list.length === 0) && compared.length > 0 && findings.live !== "failed",
		lines: [
			`kills            ${kills.length} in ${seconds} s: ${counts.join(", ")}`,
			`launches         ${findings.launches} with ${runs.length} runs, ${findings.cancelled.length} cancelled`,
			...listed("lost", lost),
			...listed("doubled", findings.doubled),
			...listed("stuck", findings.stuck),
			`metrics          ${compared.length - different.length} of ${compared.length} runs equal to the undisturbed ones`,
			...listed("different", different),
			...listed("different though deterministic", wrong),
			`live serving     ${findings.live}`,
			...listed("failed starts", findings.failedStarts),
			`left by a stop   ${findings.leftRunning} training processes`,
		],
	};
}

function listed(what: string, items: string[]): string[] {
	return [`${what.padEnd(16)} ${items.length}`, ...items.slice(0, 20).map((item) => `  ${item}`)];
}
