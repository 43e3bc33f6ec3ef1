/**
 * How well an entry fits what was typed: 0 unless it holds every word, more for words that begin one of its own.
 * Plain rather than fuzzy, since `core` should find CORE and not `one shopper's recommendation`.
 */
export function matchWords(entry: string, typed: string): number {
	const text = entry.toLowerCase();
	const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
	if (!words.every((word) => text.includes(word))) return 0;
	const starts = words.filter((word) => ` ${text}`.search(new RegExp(`[^a-z0-9]${literal(word)}`)) >= 0);
	return words.length === 0 ? 1 : 0.5 + starts.length / words.length / 2;
}

function literal(word: string): string {
	return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
