import { REMOTE_FOLDER } from "@atelier/core";

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._ -]*$/;
const MOST_SEGMENTS = 8;
const MOST_LENGTH = 240;
/** The worker's own, and what is never taken for an output (packages/store, `artifact-files.ts`). */
const NOT_OUTPUTS = /^(spec|remote)\.json$|^events\.ndjson$|^characteristics\.json$|\.(log|tmp|pid|part|partial)$/;
const TOLD = new RegExp(
	`^\\${REMOTE_FOLDER}/((claim|heartbeat|ended|transfer)\\.json|stderr\\.log|events/\\d{8}\\.ndjson)$`,
);

/** Whether a remote stage may write a file of this name into its attempt's folder. */
export function isOutputName(name: string): boolean {
	if (TOLD.test(name)) return true;
	const segments = name.split("/");
	return (
		name.length <= MOST_LENGTH &&
		segments.length <= MOST_SEGMENTS &&
		segments.every((segment) => SEGMENT.test(segment)) &&
		!NOT_OUTPUTS.test(name)
	);
}

/** Whether a file may never change once it is there: chunks of events, and who has taken the attempt. */
export function isWrittenOnce(name: string): boolean {
	return name === `${REMOTE_FOLDER}/claim.json` || name.startsWith(`${REMOTE_FOLDER}/events/`);
}
