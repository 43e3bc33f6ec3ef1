import { resolve } from "node:path";
import { AppError } from "@atelier/core";
import { bucketSettings, copyStore, FolderStore, openStore, type Store } from "@atelier/store";
import { Command } from "commander";
import { readStoreEnv, type StoreEnv } from "../env";
import { whileWatching } from "../interrupt";
import { note, print, printJson, progressLine } from "../output";

interface CopyOptions {
	from?: string;
	to: string;
	json?: boolean;
}

/** @param place `s3://bucket/prefix`, or a folder */
function storeAt(place: string, { home, variables }: StoreEnv): Store {
	if (!place.startsWith("s3://")) return new FolderStore(resolve(place));
	return openStore({ home, bucket: bucketSettings(place, variables) });
}

async function copy({ from, to, json = false }: CopyOptions): Promise<void> {
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

export const storeCommand = () =>
	new Command("store").description("where datasets, weights and all that stages made lie").addCommand(
		new Command("copy")
			.description("copy everything to another store, to move this installation there; doing it again goes on")
			.requiredOption("--to <place>", "s3://bucket/prefix, or a folder")
			.option("--from <place>", "the store to copy; this installation's by default (ATELIER_STORE)")
			.option("--json", "print one JSON document")
			.addHelpText(
				"after",
				`
A bucket's server and keys are read from ATELIER_STORE_ENDPOINT, ATELIER_STORE_REGION, ATELIER_STORE_KEY and
ATELIER_STORE_SECRET, for both ends. Nothing is removed. Copy once while Atelier runs, which takes long, and once more
after it was stopped, which brings what was made meanwhile.`,
			)
			.action(copy),
	);
