import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Failure, isDiskFull } from "./failure.mjs";
import { lastLines, run } from "./run.mjs";

/**
 * A backup is one tar: `manifest.json`, then the record as pg_dump's custom format, then the files of the store. The
 * system's tar writes and reads it, so that it can be opened without us.
 *
 * @typedef {{ path: string, sizeBytes: number, sha256: string }} Member
 * @typedef {object} Manifest
 * @property {1} backup version of this format
 * @property {string} madeAt
 * @property {string} atelier version
 * @property {number} postgres major version of the server
 * @property {string[]} migrations that the record has
 * @property {Record<string, number>} rows of each table
 * @property {boolean} withStore
 * @property {Member[]} members in the order of the archive, the manifest left out
 */

export const MANIFEST = "manifest.json";
export const RECORD = "record.dump";

/** @param {string} file @returns {Promise<Omit<Member, "path">>} */
export async function digestOf(file) {
	const hash = createHash("sha256");
	let sizeBytes = 0;
	await pipeline(createReadStream(file), async (source) => {
		for await (const chunk of source) {
			hash.update(chunk);
			sizeBytes += chunk.length;
		}
	});
	return { sizeBytes, sha256: hash.digest("hex") };
}

/**
 * @param {string} archive
 * @param {{ folder: string, paths: string }[]} parts `paths` is a file that lists what to take of `folder`, one a line
 */
export async function writeArchive(archive, parts) {
	const args = ["--no-recursion", "-cf", archive, ...parts.flatMap(({ folder, paths }) => ["-C", folder, "-T", paths])];
	const { code, output } = await run("tar", args);
	if (code === 0) return;
	if (isDiskFull(output)) throw new Failure("There is no room for the backup where it goes.");
	throw new Failure(`The backup could not be written (tar ended with ${code}):\n${lastLines(output, 5)}`);
}

/** @param {string} archive @returns {Promise<Manifest>} */
export async function readManifest(archive) {
	/** @type {Buffer[]} */
	const chunks = [];
	const code = await tarOut(archive, [MANIFEST], async (chunk) => void chunks.push(chunk));
	try {
		const manifest = JSON.parse(Buffer.concat(chunks).toString("utf8"));
		if (manifest.backup === 1 && Array.isArray(manifest.members)) return manifest;
	} catch {
		// Said below.
	}
	throw new Failure(`${archive} is no backup of Atelier${code === 0 ? "" : ", or is damaged"}. Nothing was changed.`);
}

/**
 * Reads the whole archive and compares every byte with its manifest, writing nothing.
 * @param {string} archive @param {Manifest} manifest @param {(share: number) => void} onProgress
 * @throws {Failure} naming the first member that is not as it was written
 */
export async function verifyArchive(archive, { members }, onProgress) {
	const damaged = (/** @type {string} */ what) =>
		new Failure(`${archive} is damaged (${what}). Nothing was changed; take another backup.`);
	const { output } = await run("tar", ["-tf", archive]);
	const names = output.split("\n").filter((name) => name !== "");
	const wanted = [MANIFEST, ...members.map(({ path }) => path)];
	if (wanted.some((path) => path.startsWith("/") || path.split("/").includes("..")))
		throw damaged("a path leads out of it");
	if (names.join("\n") !== wanted.join("\n")) throw damaged("its list of files is not that of its manifest");
	const total = members.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	let at = 0;
	let inMember = 0;
	let read = 0;
	let hash = createHash("sha256");
	const closeFull = () => {
		for (let member = members[at]; member && inMember === member.sizeBytes; member = members[at]) {
			if (hash.digest("hex") !== member.sha256) throw damaged(`${member.path} is not as it was written`);
			at += 1;
			inMember = 0;
			hash = createHash("sha256");
		}
	};
	closeFull();
	const code = await tarOut(archive, ["--exclude", MANIFEST], async (chunk) => {
		for (let rest = chunk; rest.length > 0; ) {
			const member = members[at];
			if (!member) throw damaged("it is longer than its manifest says");
			const part = rest.subarray(0, member.sizeBytes - inMember);
			hash.update(part);
			inMember += part.length;
			rest = rest.subarray(part.length);
			closeFull();
		}
		read += chunk.length;
		onProgress(total === 0 ? 1 : read / total);
	});
	if (at < members.length) throw damaged(`${members[at]?.path} is cut off`);
	if (code !== 0) throw damaged("tar cannot read it to its end");
}

/** @param {string} archive @param {string} into @param {Manifest} manifest @param {string[]} paths */
export async function extractFrom(archive, into, { members }, paths) {
	const { code, output } = await run("tar", ["-xf", archive, "-C", into, "--no-same-owner", ...paths]);
	if (code !== 0) throw new Failure(isDiskFull(output) ? "The disk is full." : lastLines(output, 5));
	for (const { path, sizeBytes } of members) {
		if (!paths.some((wanted) => path === wanted || path.startsWith(`${wanted}/`))) continue;
		const found = await lstat(join(into, path));
		if (!found.isFile() || found.size !== sizeBytes)
			throw new Failure(`${path} did not come out of the archive whole.`);
	}
}

/**
 * @param {string} archive @param {string[]} args @param {(chunk: Buffer) => Promise<void>} take
 * @returns {Promise<number>} tar's exit code
 */
async function tarOut(archive, args, take) {
	const child = spawn("tar", ["-xOf", archive, ...args], { stdio: ["ignore", "pipe", "ignore"] });
	const ended = new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("close", resolve);
	});
	try {
		for await (const chunk of child.stdout) await take(chunk);
	} finally {
		child.kill();
	}
	return Number((await ended) ?? 1);
}
