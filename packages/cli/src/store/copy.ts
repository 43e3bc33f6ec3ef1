import { resolve } from "node:path";
import { AppError } from "@atelier/core";
import { bucketSettings, copyStore, FolderStore, openStore, type Store } from "@atelier/store";
import { whileWatching } from "../interrupt";
import { note, print, printJson, progressLine } from "../output";
import { readStoreEnv, type StoreEnv } from "./env";

export interface CopyOptions {
	from?: string;
	to: string;
	json?: boolean;
}

/** @param place `s3://bucket/prefix`, or a folder */
function storeAt(place: string, { home, variables }: StoreEnv): Store {
	if (!place.startsWith("s3://")) return new FolderStore(resolve(place));
	return openStore({ home, bucket: bucketSettings(place, variables) });
}

/** `npx atelier store copy`. */
export async function copy({ from, to, json = false }: CopyOptions): Promise<void> {
	const env = readStoreEnv();
	const source = from === undefined ? openStore(env.settings) : storeAt(from, env);
	const target = storeAt(to, env);
	if (source.place === target.place) throw new AppError("BAD_REQUEST", `--to names the store itself, ${to}.`);
	const progress = progressLine();
	const outcome = await whileWatching("Stopped; the same command goes on from here.", () =>
		copyStore(source, target, ({ done, total, bytes }) =>
			progress.show(`copying ${source.place} to ${target.place}`, `${done} of ${total}, ${megabytes(bytes)} sent`),
		),
	);
	progress.end();
	const { done, known, bytes, failures } = outcome;
	if (json) printJson({ from: source.place, to: target.place, ...outcome });
	else {
		print(`${done - failures.length} artifacts are in ${target.place} (${known} were; ${megabytes(bytes)} sent).`);
		for (const { ref, reason } of failures) note(`not copied: ${ref}: ${reason}`);
		print(nextStep(to));
	}
	if (failures.length > 0) process.exitCode = 1;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 })} MB`;

function nextStep(to: string): string {
	if (to.startsWith("s3://")) return `Stop Atelier, and start it with ATELIER_STORE=${to}; then the folder may go.`;
	return "Stop Atelier, put the folder at ATELIER_HOME/store, and start it without ATELIER_STORE.";
}
