import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type StoredFile, storedFiles } from "@atelier/core";
import { sha256OfFile } from "@atelier/store";
import { z } from "zod";

const CHECKPOINTS = "checkpoints";
const RECEIPT = "receipt.json";
const checkpointReceipt = z.object({ outputs: storedFiles });

/** The files of the newest whole checkpoint in an attempt's folder, by their names in that folder; none where it has none. */
export async function checkpointFiles(attemptFolder: string): Promise<StoredFile[]> {
	const parent = join(attemptFolder, CHECKPOINTS);
	const steps = (await readdir(parent).catch(() => [])).filter((name) => /^\d+$/.test(name)).sort();
	for (const step of steps.reverse()) {
		try {
			const path = join(parent, step, RECEIPT);
			const text = await readFile(path, "utf8");
			const { outputs } = checkpointReceipt.parse(JSON.parse(text));
			const receipt = { path: RECEIPT, sizeBytes: Buffer.byteLength(text), sha256: await sha256OfFile(path) };
			return [...outputs, receipt].map((file) => ({ ...file, path: `${CHECKPOINTS}/${step}/${file.path}` }));
		} catch {
			// It was on its way when its host went away: an older one may be whole.
		}
	}
	return [];
}
