/** What `system.status` says, as far as the notice needs it. */
export interface SystemStatus {
	worker: { alive: boolean };
	trainer: { state: "installing" | "ready" | "failed" | "unknown"; message: string; step: string };
}

export interface SystemNotice {
	tone: "info" | "warn" | "bad";
	title: string;
	detail: string;
}

/** What people should know about the machinery before they rely on it; null while all is well. */
export function prepareSystemNotice(
	status: SystemStatus | null,
	away: "record" | "console" | null = null,
): SystemNotice | null {
	if (away !== null) {
		const title = away === "record" ? "The record is restarting." : "The console does not answer.";
		return { tone: "warn", title, detail: "Nothing is lost; this page tries again by itself." };
	}
	if (status === null) return null;
	const { worker, trainer } = status;
	if (!worker.alive) {
		return {
			tone: "warn",
			title: "No worker is running.",
			detail: "Imports and launches wait in the queue until it is back. npm start starts it.",
		};
	}
	if (trainer.state === "failed") {
		return {
			tone: "bad",
			title: "The trainer's Python environment could not be installed.",
			detail: `${trainer.message} Browsing and importing work; npx atelier doctor says what is missing.`.trim(),
		};
	}
	if (trainer.state === "installing") {
		const step = trainer.step || trainer.message;
		return {
			tone: "info",
			title: `Installing the trainer's Python environment${step ? `: ${step}` : ""}`,
			detail: "Importing and browsing work meanwhile; what has to train waits its turn.",
		};
	}
	return null;
}
