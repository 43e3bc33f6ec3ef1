/** Stands in no dataset's name. */
const MARK = "@";

/**
 * Name of the row of an import whose wanted name a dataset has already. Names are unique, and whether the content is
 * the same is known only once the files are read: then the import turns out to be no news, or fails.
 */
export function pendingName(wanted: string, importId: string): string {
	return `${wanted}${MARK}${importId}`;
}

/** The name that an import wants, from the name of its row. */
export function wantedName(rowName: string): string {
	return rowName.split(MARK)[0] ?? rowName;
}
