import type { StageParams } from "../contracts";

/** How an id is written in prompts and responses; `packages/core/src/contracts/stage-params.ts` says what each means. */
export type IdForm = StageParams<"prompts">["idForm"];

/** Text of an item's id; not asked for under the form `letter`, whose texts depend on the candidates. */
export type IdText = (itemId: number) => string;

/** Label of the candidate at `place` (from 0): A to Z, then AA, AB, … */
export function candidateLetter(place: number): string {
	const last = String.fromCharCode(65 + (place % 26));
	return place < 26 ? last : candidateLetter(Math.floor(place / 26) - 1) + last;
}

/** Place (from 0) of a candidate's label in either case, or null for anything else. */
export function letterPlace(letters: string): number | null {
	if (!/^[a-z]{1,3}$/i.test(letters)) return null;
	let place = 0;
	for (const letter of letters.toUpperCase()) place = place * 26 + (letter.charCodeAt(0) - 64);
	return place - 1;
}

export interface AnswerRequest {
	idForm: IdForm;
	idText: IdText;
	/** Best first, as the prompt shows them. */
	candidates: readonly number[];
	itemId: number;
}

/** The id that a response gives for an item; null where the form `letter` has none, since it is no candidate. */
export function answerId({ idForm, idText, candidates, itemId }: AnswerRequest): string | null {
	if (idForm !== "letter") return idText(itemId);
	const place = candidates.indexOf(itemId);
	return place === -1 ? null : candidateLetter(place);
}

/** How much of an item's id a prompt shows as an id: all of it, its family's part (under `family`), or nothing. */
export type ShownPart = "id" | "family" | "none";

/** @param shown Items whose ids stand in the prompt. Labels name candidates, and a target that is one is not asked for. */
export function shownPart(
	{ idForm, idText, itemId }: Pick<AnswerRequest, "idForm" | "idText" | "itemId">,
	shown: readonly number[],
): ShownPart {
	if (idForm === "letter") return "none";
	if (shown.includes(itemId)) return "id";
	if (idForm === "plain") return "none";
	const family = familyOf(idText(itemId));
	return shown.some((item) => familyOf(idText(item)) === family) ? "family" : "none";
}

function familyOf(idText: string): string {
	return idText.slice(0, idText.lastIndexOf("-"));
}

/** Reads ids back. */
export interface IdReader {
	/** What an id of the form looks like. */
	shape: RegExp;
	/** The catalogue's id, or null where a text of that shape names no item. */
	itemOf: (idText: string) => number | null;
	/** Whether an empty id is an answer too: none of the candidates. */
	mayBeEmpty: boolean;
}

/** Ids are 32-bit integers. */
const LARGEST_ID = 2 ** 31 - 1;

/** The form `plain`: any number that an id can be, whether the catalogue holds it or not. */
export const plainIds: IdReader = {
	shape: /^\d{1,10}$/,
	itemOf: (idText) => (Number(idText) <= LARGEST_ID ? Number(idText) : null),
	mayBeEmpty: false,
};

/** The form `family`, by the texts that the prompts stage wrote (`id_texts.parquet`). */
export function familyIds(itemOf: ReadonlyMap<string, number>): IdReader {
	return { shape: /^\d+-\d+$/, itemOf: (idText) => itemOf.get(idText) ?? null, mayBeEmpty: false };
}

/** The form `letter`, by one example's candidates. */
export function letterIds(candidates: readonly number[]): IdReader {
	return {
		shape: /^[a-z]{1,3}$/i,
		itemOf: (idText) => candidates[letterPlace(idText) ?? -1] ?? null,
		mayBeEmpty: true,
	};
}
