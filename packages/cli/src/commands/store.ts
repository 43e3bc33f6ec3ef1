import { Command } from "commander";
import type { CopyOptions } from "../store/copy";

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
			// Loaded when it is asked for: the SDK of buckets takes half a second, which no other command needs.
			.action(async (options: CopyOptions) => (await import("../store/copy")).copy(options)),
	);
