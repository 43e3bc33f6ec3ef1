import { AppError, type StoredFile } from "@atelier/core";
import { checkedName, type Ref, sealOf } from "./refs";

/** The files of an artifact in the order in which they are published. @throws AppError BAD_DATA without a seal */
export function sealLast(ref: Ref, files: readonly StoredFile[]): StoredFile[] {
	const name = sealOf(ref);
	const seal = files.find(({ path }) => path === name);
	if (seal === undefined) throw new AppError("BAD_DATA", `${ref} cannot be published: its list names no ${name}.`);
	for (const { path } of files) checkedName(path);
	return [...files.filter((file) => file !== seal), seal];
}
