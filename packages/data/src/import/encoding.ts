import { TextDecoder } from "node:util";
import { AppError } from "@atelier/core";

/** @throws AppError BAD_REQUEST for a name that stands for no encoding */
export function refuseUnknownEncoding(encoding: string | undefined): void {
	if (encoding !== undefined) decoderFor(encoding);
}

/**
 * Text in another encoding as UTF-8, chunk by chunk.
 * @throws AppError BAD_REQUEST for an encoding that is none, BAD_DATA where the bytes are not in it
 */
export async function* decoded(
	chunks: AsyncIterable<Buffer>,
	fileName: string,
	encoding: string | undefined,
): AsyncGenerator<Buffer> {
	if (encoding === undefined) {
		yield* chunks;
		return;
	}
	const decoder = decoderFor(encoding);
	let done = 0;
	const take = (chunk?: Buffer) => {
		try {
			return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
		} catch (error) {
			throw new AppError(
				"BAD_DATA",
				`${fileName} is not in ${encoding}: a byte after byte ${done} stands for nothing.`,
				{
					cause: error,
				},
			);
		}
	};
	for await (const chunk of chunks) {
		yield take(chunk);
		done += chunk.length;
	}
	yield take();
}

function decoderFor(encoding: string): TextDecoder {
	try {
		return new TextDecoder(encoding, { fatal: true });
	} catch (error) {
		throw new AppError(
			"BAD_REQUEST",
			"There is no such text encoding. Common ones: utf-8, windows-1252, iso-8859-2, utf-16le, shift_jis, gb18030, koi8-r.",
			{ cause: error },
		);
	}
}
