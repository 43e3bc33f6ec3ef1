import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Failure } from "./failure.mjs";
import { inHome } from "./paths.mjs";
import { startTimeOf } from "./processes.mjs";

/**
 * One start per home. The lock names its holder by pid and start time, so that one left by a killed start, whose pid
 * another program may have by now, is taken over.
 *
 * @param {string} [file]
 * @returns {{ noteUrl: (url: string) => void, release: () => void }}
 * @throws {Failure} naming the start that runs already
 */
export function takeStartLock(file = inHome("start.lock")) {
	const own = { pid: process.pid, startedAt: startTimeOf(process.pid), url: "" };
	for (;;) {
		try {
			writeFileSync(file, JSON.stringify(own), { flag: "wx" });
			break;
		} catch (error) {
			if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
			clearStale(file);
		}
	}
	return {
		noteUrl: (url) => writeFileSync(file, JSON.stringify({ ...own, url })),
		release: () => rmSync(file, { force: true }),
	};
}

/** @param {string} file */
function clearStale(file) {
	const text = existsSync(file) ? readFileSync(file, "utf8") : "";
	const holder = aliveHolder(text);
	if (holder) {
		const where = holder.url ? ` at ${holder.url}` : "";
		throw new Failure(
			`Atelier already runs on this data directory${where} (process ${holder.pid}): use that one, stop it, or give this one a directory of its own with ATELIER_HOME.`,
		);
	}
	// Moved away before it is removed: of two starts that find it stale, only one succeeds in moving it.
	const aside = `${file}.${process.pid}`;
	try {
		renameSync(file, aside);
	} catch {
		return;
	}
	if (readFileSync(aside, "utf8") === text) rmSync(aside);
	else renameSync(aside, file);
}

/** The start that runs on this home. @param {string} [file] */
export function holderOfStartLock(file = inHome("start.lock")) {
	return existsSync(file) ? aliveHolder(readFileSync(file, "utf8")) : null;
}

/** @param {string} text */
function aliveHolder(text) {
	const holder = parse(text);
	return holder && startTimeOf(holder.pid) === holder.startedAt ? holder : null;
}

/** @param {string} text @returns {{ pid: number, startedAt: string, url: string } | null} */
function parse(text) {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
