const MOST = 3;

/** Names that someone may have meant by `text`: those few letters away, and those that begin like it. */
export function nearest(text: string, names: Iterable<string>): string[] {
	const most = Math.max(1, Math.floor(text.length / 3));
	const found: { name: string; distance: number }[] = [];
	for (const name of names) {
		if (text.length > 1 && name.startsWith(text)) found.push({ name, distance: 0.5 });
		else if (Math.abs(name.length - text.length) <= most) {
			const distance = lettersApart(text, name);
			if (distance <= most) found.push({ name, distance });
		}
	}
	found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
	return found.slice(0, MOST).map(({ name }) => name);
}

/** Letters to add, leave out, change or swap with their neighbour (optimal string alignment). */
function lettersApart(a: string, b: string): number {
	let before: number[] = [];
	let above = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i += 1) {
		const row = [i];
		for (let j = 1; j <= b.length; j += 1) {
			const isSame = a[i - 1] === b[j - 1];
			let least = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + (isSame ? 0 : 1));
			const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			if (isSwapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
			row.push(least);
		}
		before = above;
		above = row;
	}
	return above[b.length] ?? 0;
}
