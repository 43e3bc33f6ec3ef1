import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, type StoredFile } from "@atelier/core";
import { sha256OfFile } from "../sha256";
import type { Bucket } from "./bucket";

/** A connection that breaks goes on from where it was, as long as it brings something. */
const MOST_BREAKS = 5;
const PAUSE_MS = 250;

/**
 * Brings an object to a local file, by rename and only with the content that is listed. A pull that was cut off, by a
 * connection or with its process, goes on where it was.
 *
 * @throws AppError NOT_FOUND when there is no such object, BAD_DATA when it has other content than is listed
 */
export async function pullFile(
	bucket: Bucket,
	key: string,
	target: string,
	file: StoredFile,
	signal?: AbortSignal,
): Promise<void> {
	await mkdir(dirname(target), { recursive: true });
	const partial = await adoptPartial(target);
	for (let breaks = 0; ; breaks += 1) {
		const start = await sizeOf(partial);
		if (start >= file.sizeBytes && (start > 0 || breaks > 0)) break;
		try {
			const body = await bucket.get(key, { start }, signal);
			if (body === null) throw new AppError("NOT_FOUND", `${key} is not in ${bucket.place}.`);
			await pipeline(body, createWriteStream(partial, { flags: "a" }));
			if ((await sizeOf(partial)) === start) break;
		} catch (error) {
			if (signal?.aborted || (error instanceof AppError && error.code !== "UNAVAILABLE")) throw error;
			if ((await sizeOf(partial)) > start) breaks = 0;
			else if (breaks >= MOST_BREAKS) throw bucket.away(error);
			await delay(PAUSE_MS * 2 ** breaks, undefined, { signal });
		}
	}
	if ((await sha256OfFile(partial)) !== file.sha256) {
		await rm(partial, { force: true });
		throw new AppError("BAD_DATA", `${key} in ${bucket.place} has other content than was written.`);
	}
	await rename(partial, target);
}

/** What a process that is gone has brought of a file is ours to go on with; another that lives keeps its own. */
async function adoptPartial(target: string): Promise<string> {
	const own = `${target}.${process.pid}.partial`;
	const folder = dirname(target);
	const names = await readdir(folder);
	for (const name of names) {
		const pid = name.startsWith(`${basename(target)}.`) ? /\.(\d+)\.partial$/.exec(name)?.[1] : undefined;
		if (pid === undefined || Number(pid) === process.pid || isAlive(Number(pid))) continue;
		await rename(join(folder, name), own).catch(() => undefined);
	}
	return own;
}

async function sizeOf(path: string): Promise<number> {
	return (await stat(path).catch(() => null))?.size ?? 0;
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// EPERM: it lives, under another user.
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
