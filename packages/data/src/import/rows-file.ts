import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { finished } from "node:stream/promises";
import { AppError } from "@atelier/core";
import type { RejectedRecord, ScanSink } from "./record-scanner";
import type { SourceFile } from "./source-file";
import { headerNames } from "./table-header";

const REJECTS_KEPT = 1000;

/** Where the scanner's records go: one file of rows that DuckDB reads, and one of rejects. */
export class RowsFile implements ScanSink {
	names: string[] | null = null;
	rejected = 0;
	readonly rejectsPath: string;
	private readonly out;
	private rejects: RejectedRecord[] = [];
	private failure: Error | null = null;

	constructor(
		readonly path: string,
		private readonly source: SourceFile,
		/** Names of the columns of a file without a header. */
		names: readonly string[] | undefined,
	) {
		if (names !== undefined) this.names = headerNames(source, [...names]);
		this.rejectsPath = `${path}.rejects`;
		this.out = createWriteStream(path, { highWaterMark: 1 << 22 });
		// A full disk shows between two writes as well.
		this.out.on("error", (error) => {
			this.failure = error;
		});
	}

	header(fields: string[]): number {
		this.names = headerNames(this.source, fields);
		return fields.length;
	}

	unreadableHeader(line: number, reason: string): never {
		throw new AppError("BAD_DATA", `${this.source.name}: its header (line ${line}) cannot be read: ${reason}.`);
	}

	async write(block: Buffer): Promise<void> {
		if (this.failure !== null) throw this.failure;
		if (!this.out.write(block)) await once(this.out, "drain");
	}

	reject(record: RejectedRecord): void {
		this.rejected++;
		this.rejects.push(record);
		if (this.rejects.length >= REJECTS_KEPT) this.saveRejects();
	}

	/** Both files are complete once this resolves. */
	async finish(): Promise<void> {
		this.saveRejects();
		this.out.end();
		await finished(this.out);
	}

	abandon(): void {
		this.out.destroy();
	}

	private saveRejects(): void {
		if (this.rejects.length === 0) return;
		const content = this.rejects.map((record) => `${JSON.stringify(record)}\n`).join("");
		writeFileSync(this.rejectsPath, content, { flag: "a" });
		this.rejects = [];
	}
}
