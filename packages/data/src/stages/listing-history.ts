/** One product that a query showed (or, without exposures, that was bought after it). */
export interface ShownItem {
	item: number;
	/** Organic position from 1; null where it is not known. */
	position: number | null;
	/** Milliseconds since 1970, or null. */
	at: number | null;
	user: number | null;
}

interface Standing {
	item: number;
	position: number;
	count: number;
}

/**
 * What one query showed as time goes on. Rows are added in the order of time, those without a time first; a listing
 * asked for in between holds what was added so far: best position first, then shown most often, then the smaller id.
 * An unchanged listing is not built twice, so examples of one day share it.
 */
export class ListingHistory {
	private readonly rows: ShownItem[] = [];
	private readonly standings = new Map<number, Standing>();
	private readonly users = new Set<number>();
	private readonly usersWithoutTime = new Set<number>();
	private current: number[] | null = null;

	/** @param length Products in a listing at most. */
	constructor(private readonly length: number) {}

	add(row: ShownItem): void {
		this.rows.push(row);
		if (row.user !== null) this.users.add(row.user);
		if (row.user !== null && row.at === null) this.usersWithoutTime.add(row.user);
		count(this.standings, row);
		this.current = null;
	}

	/**
	 * The listing now, for a session of `user`. Of the shopper's own rows those whose order to the session is not known
	 * (one of the two has no time) are left out.
	 */
	listing(user: number, hasTime: boolean): number[] {
		if ((hasTime ? this.usersWithoutTime : this.users).has(user)) {
			const others = new Map<number, Standing>();
			for (const row of this.rows) {
				const isUnplaced = row.user === user && (row.at === null || !hasTime);
				if (!isUnplaced) count(others, row);
			}
			return best(others, this.length);
		}
		this.current ??= best(this.standings, this.length);
		return this.current;
	}
}

function count(standings: Map<number, Standing>, row: ShownItem): void {
	const position = row.position ?? Number.POSITIVE_INFINITY;
	const standing = standings.get(row.item);
	if (standing === undefined) {
		standings.set(row.item, { item: row.item, position, count: 1 });
		return;
	}
	standing.position = Math.min(standing.position, position);
	standing.count += 1;
}

function best(standings: Map<number, Standing>, length: number): number[] {
	return [...standings.values()]
		.sort((a, b) => compare(a.position, b.position) || b.count - a.count || a.item - b.item)
		.slice(0, length)
		.map(({ item }) => item);
}

/** Infinity minus itself is no number, so positions are compared, not subtracted. */
function compare(a: number, b: number): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
