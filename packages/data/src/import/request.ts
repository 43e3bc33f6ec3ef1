import type { DatasetManifest } from "@atelier/core";
import type { ReadableFolders } from "../files";

export const IMPORT_FORMATS = ["atelier", "recbole", "amazon-reviews", "sequences", "mapping"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export interface ImportRequest {
	/** A folder, or one file where the format allows it. */
	path: string;
	format: ImportFormat;
	name: string;
	/** Datasets of one group belong together (the four categories of a sample). */
	group?: string | null;
	/** `mapping`: path of a YAML file, or the name of a mapping that is shipped (`hm`, `jdsearch`). */
	mapping?: string;
	/** `sequences`: CSV with `item_id` and attribute columns. */
	itemsPath?: string;
	/** Encoding of the text files, by its name on the web (`windows-1252`); UTF-8 when absent. */
	encoding?: string;
	/** Share of a file's rows that may be rejected before the import fails, 0..1. */
	maxRejectedShare?: number;
	/** Marks the dataset as made by the generator, wherever it is shown. */
	synthetic?: boolean;
}

export const DEFAULT_MAX_REJECTED_SHARE = 0.05;

export interface ImportProgress {
	/** What is being done: `reading interactions.csv.gz`, `checking`. */
	step: string;
	done: number;
	total: number;
	/** What `done` and `total` count: `bytes`, `steps`. */
	unit: string;
}

export interface ImportOptions {
	/** The artifact store; the dataset goes to `datasets/<id>` in it. */
	store: string;
	onProgress?(progress: ImportProgress): void;
	signal?: AbortSignal;
	/** Where the request's paths must lie, for paths that come from a person; without it they are our own. */
	readable?: ReadableFolders;
	/** Whether a dataset that is there already is as it was made; one that is not is made anew in its place. */
	isWhole?(datasetId: string): Promise<boolean>;
}

export interface ImportOutcome {
	manifest: DatasetManifest;
	/** Folder of the dataset. */
	path: string;
	/** The same bytes had been imported before; nothing was done. */
	alreadyImported: boolean;
}
