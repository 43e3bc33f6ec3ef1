/**
 * The files of a drop; of a folder, what lies in it itself, since no import format looks deeper. To be called while the
 * drop is handled: afterwards the browser forgets what was dropped.
 */
export async function readDropped(transfer: DataTransfer): Promise<File[]> {
	const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
	if (entries.length === 0) return [...transfer.files];
	return (await Promise.all(entries.map((entry) => filesOf(entry, 1)))).flat();
}

async function filesOf(entry: FileSystemEntry, depth: number): Promise<File[]> {
	if (entry instanceof FileSystemFileEntry) {
		return [await new Promise<File>((resolve, reject) => entry.file(resolve, reject))];
	}
	if (!(entry instanceof FileSystemDirectoryEntry) || depth === 0) return [];
	const inside = await entriesOf(entry.createReader());
	return (await Promise.all(inside.map((one) => filesOf(one, depth - 1)))).flat();
}

/** A reader gives a hundred at a time, and none once it is done. */
async function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
	const all: FileSystemEntry[] = [];
	for (;;) {
		const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
		if (some.length === 0) return all;
		all.push(...some);
	}
}
