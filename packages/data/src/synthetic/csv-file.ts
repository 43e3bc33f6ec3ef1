import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";

/** Text kept before it is handed to the stream. */
const CHUNK = 1 << 16;

/**
 * A CSV file written row by row. Rows gather in a buffer; `flush` hands it on and waits while the disk is behind, so
 * memory stays flat. Plain text rather than gzip: compressed bytes differ between zlib builds, and the dataset's id is
 * a hash of them.
 */
export class CsvFile {
	readonly #stream: WriteStream;
	#buffer = "";

	constructor(path: string, columns: readonly string[]) {
		this.#stream = createWriteStream(path, { encoding: "utf8" });
		// Without a listener a failed write would end the process; the next flush or close throws it instead.
		this.#stream.on("error", () => {});
		this.row(columns);
	}

	row(cells: readonly (string | number)[]): void {
		this.#buffer += `${cells.map(quoted).join(",")}\n`;
	}

	/** Writes what has gathered, if it is worth a write. */
	async flush(most = CHUNK): Promise<void> {
		if (this.#stream.errored) throw this.#stream.errored;
		if (this.#buffer.length <= most) return;
		const text = this.#buffer;
		this.#buffer = "";
		if (!this.#stream.write(text)) await once(this.#stream, "drain");
	}

	/** @throws the stream's error, a full disk for example */
	async close(): Promise<void> {
		await this.flush(0);
		if (this.#stream.errored) throw this.#stream.errored;
		this.#stream.end();
		if (!this.#stream.writableFinished) await once(this.#stream, "finish");
	}

	/** Lets go of the file where it was not closed. */
	release(): void {
		this.#stream.destroy();
	}
}

function quoted(cell: string | number): string | number {
	return typeof cell === "string" && /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
