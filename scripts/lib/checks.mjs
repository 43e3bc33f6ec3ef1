import { accessSync, constants, mkdirSync, statfsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Failure } from "./failure.mjs";
import { home, root } from "./paths.mjs";
import { freePort, isPortFree } from "./ports.mjs";

const DEFAULT_PORT = 3000;
const LEAST_FREE_BYTES = 300e6;

/** The checkout and the home are written to: node_modules, the console's build, the database. */
export function checkWritable() {
	for (const folder of [root, home]) {
		try {
			mkdirSync(folder, { recursive: true });
			accessSync(folder, constants.W_OK);
		} catch {
			throw new Failure(
				`You (user ${process.getuid?.() ?? "?"}) cannot write to ${folder}: run as its owner, or make it yours with chown.`,
			);
		}
	}
}

export function checkDisk() {
	const { bavail, bsize } = statfsSync(home);
	const free = bavail * bsize;
	if (free < LEAST_FREE_BYTES) {
		throw new Failure(
			`The disk of ${home} is full (${Math.round(free / 1e6)} MB free): free at least 4 GB (2 GB of them for the trainer) and run the command again.`,
		);
	}
}

const PORT_WITHIN_MS = 5_000;

/**
 * The port for the console: the one that `ATELIER_PORT` names, or 3000, or the next one that is free.
 * @param {string | undefined} [asked]
 * @returns {Promise<{ port: number, note: string | null }>} `note` says so when 3000 was taken
 */
export async function choosePort(asked = process.env.ATELIER_PORT) {
	if (asked) {
		const port = Number(asked);
		if (!Number.isInteger(port) || port < 1 || port > 65_535) {
			throw new Failure(`ATELIER_PORT=${asked} is no port: it wants a number from 1 to 65535.`);
		}
		// A console that an earlier start left, and that was just stopped, may hold it a moment longer.
		for (const until = Date.now() + PORT_WITHIN_MS; Date.now() < until; await delay(200)) {
			if (await isPortFree(port)) return { port, note: null };
		}
		throw new Failure(
			`Port ${port} is in use by another program: stop it, or choose another port, for example ATELIER_PORT=${await freePort()}.`,
		);
	}
	for (let port = DEFAULT_PORT; port < DEFAULT_PORT + 50; port += 1) {
		if (!(await isPortFree(port))) continue;
		const taken =
			port === DEFAULT_PORT ? null : `Port ${DEFAULT_PORT} is in use by another program; the console takes ${port}.`;
		return { port, note: taken };
	}
	throw new Failure(`No port from ${DEFAULT_PORT} to ${DEFAULT_PORT + 49} is free: name one with ATELIER_PORT.`);
}
