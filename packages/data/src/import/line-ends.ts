const LF = 0x0a;
const CR = 0x0d;

/** Lines that end in CR alone, as old spreadsheets write them, as lines that end in LF; any other text as it is. */
export async function* withLineFeeds(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	let isCrOnly: boolean | null = null;
	for await (const chunk of chunks) {
		// The first chunk holds the header and more: a text with line feeds has one in it.
		isCrOnly ??= chunk.includes(CR) && !chunk.includes(LF);
		if (isCrOnly) {
			for (let at = chunk.indexOf(CR); at !== -1; at = chunk.indexOf(CR, at + 1)) chunk[at] = LF;
		}
		yield chunk;
	}
}
