import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { zipSync } from "fflate";
import type { RayClient } from "./ray-client";

/** As if made on one day by Unix, with files that everybody may read: equal contents make equal bytes. */
const MADE = { mtime: new Date(1980, 0, 1), os: 3, attrs: (0o100644 << 16) >>> 0 };

export interface TrainerPackage {
	/** As Ray's packages API names it. */
	name: string;
	/** What a job's `working_dir` says. */
	uri: string;
	bytes: Buffer;
}

/** The trainer's code as one zip, named by a hash of its contents: the same code is the same package. */
export async function packTrainer(trainerPath: string): Promise<TrainerPackage> {
	const folder = join(trainerPath, "atelier_trainer");
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile() && !entry.name.endsWith(".pyc"))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
	const files = await Promise.all(
		paths.map(async (path) => ({
			path: relative(trainerPath, path).split(sep).join("/"),
			bytes: await readFile(path),
		})),
	);
	const hash = createHash("sha256");
	for (const { path, bytes } of files) hash.update(`${path}\n${bytes.length}\n`).update(bytes);
	const name = `_ray_pkg_${hash.digest("hex").slice(0, 32)}.zip`;
	return {
		name,
		uri: `gcs://${name}`,
		bytes: Buffer.from(zipSync(Object.fromEntries(files.map(({ path, bytes }) => [path, [bytes, MADE]])))),
	};
}

/** Brings it to a cluster, unless it is there: a cluster that was restarted has lost it, so each submission asks. */
export async function bringPackage(client: RayClient, { name, bytes }: TrainerPackage): Promise<boolean> {
	if (await client.hasPackage(name)) return false;
	await client.putPackage(name, bytes);
	return true;
}
