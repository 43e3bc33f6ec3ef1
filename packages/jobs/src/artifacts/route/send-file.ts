import { createReadStream } from "node:fs";
import { lstat, realpath } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { AppError, messageOf, REMOTE_FOLDER } from "@atelier/core";
import type { Store } from "@atelier/store";
import { Refused } from "./answer";

/** Answers with a file of the store, or with the rest of it from where the request's range begins. */
export async function sendFile(
	store: Store,
	file: { ref: string; name: string; sizeBytes: number },
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const path = await pathOf(store, file);
	const { sizeBytes } = file;
	const start = startOf(request.headers.range, sizeBytes);
	response.setHeader("accept-ranges", "bytes");
	if (start === "outside") {
		response.setHeader("content-range", `bytes */${sizeBytes}`);
		throw new Refused(416, "This file ends before that.");
	}
	response.writeHead(start === null ? 200 : 206, {
		"content-type": "application/octet-stream",
		"content-length": sizeBytes - (start ?? 0),
		...(start !== null && { "content-range": `bytes ${start}-${sizeBytes - 1}/${sizeBytes}` }),
	});
	if (request.method === "HEAD" || sizeBytes === 0) {
		response.end();
		return;
	}
	// A client that breaks off asks for the rest later; there is nobody left to tell.
	await pipeline(createReadStream(path, { start: start ?? 0, end: sizeBytes - 1 }), response).catch(() => {
		response.destroy();
	});
}

/** @throws Refused 404 for a file that is not there, not the one that was signed, or leads out of its folder */
async function pathOf(store: Store, { ref, name, sizeBytes }: { ref: string; name: string; sizeBytes: number }) {
	try {
		// What an attempt is told, and checkpoints, lie where it is made, in whichever store its outputs go to.
		const isTold = name.startsWith(`${REMOTE_FOLDER}/`) || name.startsWith("checkpoints/");
		const folder = isTold ? store.draft(ref) : await store.folder(ref, { files: [name] });
		const path = join(folder, name);
		const [found, real, root] = await Promise.all([lstat(path), realpath(path), realpath(folder)]);
		if (found.isFile() && found.size === sizeBytes && real.startsWith(root + sep)) return real;
	} catch (error) {
		throw new Refused(isAway(error) ? 503 : 404, messageOf(error));
	}
	throw new Refused(404, "This file is not in the store as it was when its address was signed.");
}

const isAway = (error: unknown) => error instanceof AppError && error.code === "UNAVAILABLE";

function startOf(range: string | undefined, sizeBytes: number): number | null | "outside" {
	// Of all that a range can say, hosts ask for the rest of a file; anything else gets the whole, as HTTP allows.
	const start = /^bytes=(\d{1,15})-$/.exec(range ?? "")?.[1];
	if (start === undefined) return null;
	return Number(start) < sizeBytes ? Number(start) : "outside";
}
