import type { AppRouter } from "@atelier/api";
import type { inferRouterInputs } from "@trpc/server";

export type ImportRequest = inferRouterInputs<AppRouter>["datasets"]["import"];

/** What stands in the dialog's fields, as typed. */
export interface ImportForm {
	format: ImportRequest["format"];
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

/** Either the request, or what is wrong by field. */
export function prepareImport(form: ImportForm): { request: ImportRequest } | { errors: ImportErrors } {
	const errors: ImportErrors = {};
	const trimmed = { path: form.path.trim(), name: form.name.trim(), group: form.group.trim() };
	const itemsPath = form.itemsPath.trim();
	if (!ABSOLUTE.test(trimmed.path)) errors.path = "Give the absolute path, as /data/shop.";
	if (itemsPath && !ABSOLUTE.test(itemsPath)) errors.itemsPath = "Give the absolute path, as /data/items.csv.";
	const nameRule = "Lower-case letters, digits and hyphens, starting with a letter or digit; at most 63.";
	if (!NAME.test(trimmed.name)) errors.name = nameRule;
	if (trimmed.group && !NAME.test(trimmed.group)) errors.group = nameRule;
	if (form.format === "mapping" && !form.mapping.trim())
		errors.mapping = "Choose a mapping, or give a YAML file's path.";
	const percent = Number(form.maxRejected);
	if (form.maxRejected.trim() === "" || !(percent >= 0 && percent <= 100)) errors.maxRejected = "Between 0 and 100.";
	if (Object.keys(errors).length > 0) return { errors };
	return {
		request: {
			format: form.format,
			path: trimmed.path,
			name: trimmed.name,
			group: trimmed.group || null,
			maxRejectedShare: percent / 100,
			...(form.format === "mapping" && { mapping: form.mapping.trim() }),
			...(form.format === "sequences" && itemsPath && { itemsPath }),
		},
	};
}
