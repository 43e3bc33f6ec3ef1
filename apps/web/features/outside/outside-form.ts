import type { AppRouter } from "@atelier/api";
import { type OutsideColumn, type OutsideMapping, outsideMapping, outsideName } from "@atelier/core";
import type { inferRouterInputs } from "@trpc/server";

/** What a person has said so far. */
export interface OutsideForm {
	file: File | null;
	dataset: string;
	method: string;
	seed: string;
	setting: string;
	/** The run whose split is shared, by its id or the beginning of one; the newest where nothing is said. */
	like: string;
	ignoreUnknown: boolean;
	missingAsMissed: boolean;
	/** What each column was said to be; null while it is guessed. */
	columns: Partial<Record<OutsideColumn, string>> | null;
}

export const EMPTY_OUTSIDE: OutsideForm = {
	file: null,
	dataset: "",
	method: "",
	seed: "0",
	setting: "full",
	like: "",
	ignoreUnknown: false,
	missingAsMissed: false,
	columns: null,
};

export type OutsideErrors = Partial<Record<"file" | "dataset" | "method" | "seed" | "columns", string>>;
export type OutsideRequest = Omit<inferRouterInputs<AppRouter>["outside"]["startImport"], "upload" | "path" | "dryRun">;

/** The request of a form, or what is wrong with it, by field. */
export function prepareOutside(form: OutsideForm): { request: OutsideRequest; file: File } | { errors: OutsideErrors } {
	const { file, dataset, setting, like, ignoreUnknown, missingAsMissed } = form;
	const method = outsideName.safeParse(form.method);
	const mapping = mappingOf(form.columns);
	const seed = /^\d{1,9}$/.test(form.seed.trim()) ? Number(form.seed) : null;
	const errors: OutsideErrors = {
		...(file === null && { file: "Choose the file that holds the ranks." }),
		...(dataset === "" && { dataset: "Choose the dataset that it ranks for." }),
		...(!method.success && { method: `The name ${method.error.issues[0]?.message ?? "cannot be taken"}.` }),
		...(seed === null && { seed: "A whole number, 0 or more." }),
		...(mapping === null && { columns: "Say which column is the shopper, and which holds items, an item or ranks." }),
	};
	if (file === null || !method.success || seed === null || mapping === null || Object.keys(errors).length > 0) {
		return { errors };
	}
	const request = { dataset, method: method.data, seed, setting, ignoreUnknown, missingAsMissed, mapping };
	return { request: { ...request, ...(like.trim() !== "" && { like: like.trim() }) }, file };
}

/** Undefined where the columns are to be guessed, null where what was said is no mapping. */
function mappingOf(columns: OutsideForm["columns"]): OutsideMapping | undefined | null {
	if (columns === null) return undefined;
	const chosen = Object.fromEntries(Object.entries(columns).filter(([, name]) => name !== ""));
	const parsed = outsideMapping.safeParse(chosen);
	return parsed.success ? parsed.data : null;
}

/** A method's name out of a file's: `sasrec-topk.tsv` → `sasrec-topk`. */
export function methodFromFile({ name }: File): string {
	return name
		.replace(/(\.[A-Za-z0-9]{1,8}){1,2}$/, "")
		.replaceAll("_", " ")
		.slice(0, 60);
}
