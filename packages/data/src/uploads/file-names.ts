import { AppError, type UploadFile } from "@atelier/core";

const MOST_CHARACTERS = 120;
/** Names that are devices on Windows, with any ending. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A name that is safe in any folder: the last part of a path, without what moves, hides or steers. Ordinary names stay
 * as they are, since formats find files by them.
 */
export function safeName(given: string): string {
	const last = given.normalize("NFC").split(/[\\/]/).at(-1) ?? "";
	const plain = last
		.replace(/[^\p{L}\p{N}._ +@&()=,~-]/gu, "_")
		.replace(/^[.\s]+/, "")
		.replace(/[.\s]+$/, "");
	const named = DEVICES.test(plain) ? `_${plain}` : plain;
	if (named.length <= MOST_CHARACTERS) return named === "" ? "file" : named;
	const ending = /(\.[A-Za-z0-9]{1,10}){1,2}$/.exec(named)?.[0] ?? "";
	return named.slice(0, MOST_CHARACTERS - ending.length) + ending;
}

/** @throws AppError BAD_REQUEST where two files of a role would have one name */
export function safeNames(files: readonly UploadFile[]): UploadFile[] {
	const seen = new Set<string>();
	return files.map((file) => {
		const name = safeName(file.name);
		const key = `${file.role}/${name.toLowerCase()}`;
		if (seen.has(key)) throw new AppError("BAD_REQUEST", `Two files are named ${name}. Hand over one of them.`);
		seen.add(key);
		return { ...file, name };
	});
}
