import type { AppRouter } from "@atelier/api";
import type { inferRouterInputs } from "@trpc/server";
import { type ChosenFile, withRoles } from "~/features/uploads/chosen-files";

export type ImportRequest = inferRouterInputs<AppRouter>["datasets"]["import"];

/** What stands in the dialog's fields, as typed. */
export interface ImportForm {
	format: ImportRequest["format"];
	/** Whether files are handed over from this computer, or lie where Atelier can read them itself. */
	from: "here" | "there";
	files: readonly File[];
	path: string;
	name: string;
	group: string;
	mapping: string;
	/** Per cent of rows. */
	maxRejected: string;
	itemsPath: string;
}
export type ImportErrors = Partial<Record<keyof ImportForm, string>>;

export const EMPTY_IMPORT: ImportForm = {
	format: "atelier",
	from: "here",
	files: [],
	path: "",
	name: "",
	group: "",
	mapping: "hm",
	maxRejected: "5",
	itemsPath: "",
};

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const ABSOLUTE = /^(\/|[A-Za-z]:[\\/])/;

/** A name from the last part of a path: `/data/H&M 2020.csv.gz` gives `h-m-2020`. */
export function nameFromPath(path: string): string {
	const last = path.split(/[\\/]/).filter(Boolean).at(-1) ?? "";
	return last
		.toLowerCase()
		.replace(/(\.(csv|tsv|txt|jsonl|parquet|inter|gz))+$/, "")
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-+|-+$/g, "")
		.slice(0, 63);
}

/** A name from what was chosen: that of the folder, or of the log's own file. */
export function nameFromFiles(files: readonly File[]): string {
	// Empty for files that were dropped, and there only in browsers.
	const folder = (files[0]?.webkitRelativePath ?? "").split("/")[0];
	const log = files.find(({ name }) => !/^(items|meta)[._]|_items\.|\.ya?ml$/i.test(name)) ?? files[0];
	return nameFromPath(folder || (log?.name ?? ""));
}

/**
 * Either the request with what is to be handed over before (none for a path), or what is wrong by field. The upload's id
 * is not known yet.
 */
export function prepareImport(
	form: ImportForm,
): { request: ImportRequest; files: ChosenFile[] } | { errors: ImportErrors } {
	const errors: ImportErrors = {};
	const trimmed = { path: form.path.trim(), name: form.name.trim(), group: form.group.trim() };
	const itemsPath = form.itemsPath.trim();
	const isPath = form.from === "there";
	const files = isPath ? [] : withRoles(form.files, form.format);
	const hasMapping = files.some(({ role }) => role === "mapping");
	if (isPath && !ABSOLUTE.test(trimmed.path)) errors.path = "Give the absolute path, as /data/shop.";
	if (!isPath && !files.some(({ role }) => role === "data")) errors.files = "Choose the files of the log.";
	if (isPath && itemsPath && !ABSOLUTE.test(itemsPath))
		errors.itemsPath = "Give the absolute path, as /data/items.csv.";
	const nameRule = "Lower-case letters, digits and hyphens, starting with a letter or digit; at most 63.";
	if (!NAME.test(trimmed.name)) errors.name = nameRule;
	if (trimmed.group && !NAME.test(trimmed.group)) errors.group = nameRule;
	const mapping = form.format === "mapping" && !hasMapping ? form.mapping.trim() : undefined;
	if (mapping === "") {
		errors.mapping = isPath
			? "Choose a mapping, or give a YAML file's path."
			: "Choose a mapping, or add a YAML file to the files.";
	}
	const percent = Number(form.maxRejected);
	if (form.maxRejected.trim() === "" || !(percent >= 0 && percent <= 100)) errors.maxRejected = "Between 0 and 100.";
	if (Object.keys(errors).length > 0) return { errors };
	return {
		request: {
			format: form.format,
			name: trimmed.name,
			group: trimmed.group || null,
			maxRejectedShare: percent / 100,
			...(mapping !== undefined && { mapping }),
			...(isPath && { path: trimmed.path }),
			...(isPath && form.format === "sequences" && itemsPath && { itemsPath }),
		},
		files,
	};
}
