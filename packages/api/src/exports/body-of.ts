/**
 * The body of an answer from what makes it piece by piece: nothing is made before it is asked for, and where nobody
 * listens any more, nothing further. A piece that cannot be made breaks the answer off.
 *
 * @param onEnd once, however it ends
 */
export function bodyOf(
	pieces: AsyncIterable<string | Uint8Array>,
	onEnd: () => Promise<void> = async () => undefined,
): ReadableStream<Uint8Array> {
	const iterator = pieces[Symbol.asyncIterator]();
	const encoder = new TextEncoder();
	return new ReadableStream<Uint8Array>({
		async pull(controller) {
			try {
				const { done, value } = await iterator.next();
				if (!done) return controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
				controller.close();
			} catch (error) {
				controller.error(error);
			}
			await onEnd();
		},
		async cancel() {
			await iterator.return?.();
			await onEnd();
		},
	});
}
