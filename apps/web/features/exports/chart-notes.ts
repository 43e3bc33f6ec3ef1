export interface ChartFacts {
	synthetic: boolean;
	queriesDerived: boolean;
	/** How intervals are drawn; undefined where none are. */
	spread?: "Whiskers" | "Bands";
	/** Whether figures of the paper stand in it. */
	hasPaper?: boolean;
}

/** What has to be said under a chart that leaves the page: its labels, and what its marks are. */
export function chartNotes({ synthetic, queriesDerived, spread, hasPaper }: ChartFacts): string[] {
	return [
		...(synthetic ? ["Synthetic data: no shopper is behind it."] : []),
		...(queriesDerived
			? ["Searches are derived from the item bought after them, so that they tell its category."]
			: []),
		...(spread ? [`${spread}: 95 % bootstrap interval over shoppers, or one deviation over several seeds.`] : []),
		...(hasPaper ? ["Hollow circles: the paper's figures, on its own data; they are no target here."] : []),
	];
}

/** A note in lines of at most so many characters, broken between words. */
export function wrapped(text: string, most: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}
