/** Works through `items`, a few at once; the first error ends it, once nothing of it runs any more. */
export async function inParallel<T>(
	atOnce: number,
	items: readonly T[],
	work: (item: T) => Promise<unknown>,
): Promise<void> {
	const waiting = [...items];
	const failures: unknown[] = [];
	const next = async () => {
		for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
			try {
				await work(item);
			} catch (error) {
				failures.push(error);
				waiting.length = 0;
			}
		}
	};
	await Promise.all(Array.from({ length: atOnce }, next));
	if (failures.length > 0) throw failures[0];
}
