import { isUtf8 } from "node:buffer";

/**
 * Cuts bytes into records and rewrites each as `line US field US field … LF` (US: the unit separator, 0x1f), which
 * DuckDB reads in parallel without quoting rules. This is the one pass in JavaScript over the bytes of a file: only here
 * are true line numbers known, through gzip, quoted line breaks, blank lines and broken rows alike, and only here is a
 * line of any length refused with bounded memory.
 */
export interface ScanRules {
	/** Field separator, or null when a line is one field (JSONL, sequences). */
	delimiter: number | null;
	/** Whether a field may be put in double quotes (RFC 4180). */
	quotes: boolean;
	/** Inside quotes, takes the meaning from the byte behind it; null where only a doubled quote stands for one. */
	escape: number | null;
	/** Fields of every record of a file without a header; null where the header tells. */
	fields: number | null;
	/** Records longer than this are rejected. */
	maxRecordBytes: number;
}

export interface RejectedRecord {
	line: number;
	reason: string;
	row: string;
}

export interface ScanSink {
	/** The first record's fields, before any `write`; returns how many fields a record must have. */
	header(fields: string[]): number;
	/** The first record cannot be read; throws. */
	unreadableHeader(line: number, reason: string): never;
	write(block: Buffer): Promise<void>;
	reject(record: RejectedRecord): void;
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const US = 0x1f;
const SPACE = 0x20;
const BLOCK_BYTES = 1 << 20;
const SHOWN_CHARACTERS = 300;
const INVALID = "invalid UTF-8";

export class RecordScanner {
	/** Records seen, rejected ones included, the header not. */
	records = 0;
	private line = 1;
	private carry: Buffer = Buffer.alloc(0);
	/** Set while the rest of a line that is too long is passed over. */
	private skipping = false;
	private fieldCount: number | null;
	private out: Buffer;
	private used = 0;

	constructor(
		private readonly rules: ScanRules,
		private readonly sink: ScanSink,
	) {
		this.fieldCount = rules.delimiter === null ? 1 : rules.fields;
		this.out = Buffer.allocUnsafe(BLOCK_BYTES + rules.maxRecordBytes + 64);
	}

	async push(chunk: Buffer): Promise<void> {
		await this.scan(this.carry.length === 0 ? chunk : Buffer.concat([this.carry, chunk]), false);
	}

	/** Takes the last record, which may lack its line break. */
	async end(): Promise<void> {
		if (this.carry.length > 0) await this.scan(this.carry, true);
		if (this.used > 0) await this.flush();
	}

	private async scan(bytes: Buffer, last: boolean): Promise<void> {
		let at = 0;
		if (this.line === 1 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) at = 3;
		// One call a chunk tells that there is nothing to look for in each record.
		const clean = isUtf8(bytes) && !bytes.includes(0);
		while (at < bytes.length) {
			const newline = bytes.indexOf(LF, at);
			if (this.skipping) {
				if (newline === -1) break;
				this.skipping = false;
				this.line++;
				at = newline + 1;
				continue;
			}
			const next = this.record(bytes, at, newline, last, clean);
			if (next === null) break;
			at = next;
			if (this.used >= BLOCK_BYTES) await this.flush();
		}
		if (this.skipping) {
			this.carry = Buffer.alloc(0);
			return;
		}
		// A copy: a view would keep the whole chunk alive.
		this.carry = last ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
	}

	/** Takes the record at `start`; returns where the next one starts, or null when its end is not here yet. */
	private record(bytes: Buffer, start: number, newline: number, last: boolean, clean: boolean): number | null {
		const { maxRecordBytes } = this.rules;
		if (newline === -1 && !last) {
			if (bytes.length - start <= maxRecordBytes) return null;
			this.refuse(`line longer than ${maxRecordBytes} bytes`, bytes, start, bytes.length);
			this.skipping = true;
			return bytes.length;
		}
		const lineEnd = newline === -1 ? bytes.length : newline;
		if (lineEnd - start > maxRecordBytes) {
			this.refuse(`line longer than ${maxRecordBytes} bytes`, bytes, start, lineEnd);
			this.line++;
			return lineEnd + 1;
		}
		if (isBlank(bytes, start, lineEnd)) {
			this.line++;
			return lineEnd + 1;
		}
		const textEnd = bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
		const firstQuote = this.rules.quotes ? bytes.indexOf(QUOTE, start) : -1;
		if (firstQuote === -1 || firstQuote >= lineEnd) {
			this.take(bytes, start, textEnd, clean, () => this.copyPlain(bytes, start, textEnd));
			this.line++;
			return lineEnd + 1;
		}
		return this.quotedRecord(bytes, start, lineEnd, last, clean);
	}

	/** A record with a quote in its first line, which may go on over line breaks. */
	private quotedRecord(bytes: Buffer, start: number, lineEnd: number, last: boolean, clean: boolean): number | null {
		const end = quotedEnd(bytes, start, this.rules, Math.min(bytes.length, start + this.rules.maxRecordBytes));
		const tooLong = bytes.length - start > this.rules.maxRecordBytes;
		if ((end.state === "open" || end.state === "end of bytes") && !last && !tooLong) return null;
		if (end.state === "bad" || end.state === "open" || (end.state === "end of bytes" && tooLong)) {
			// Only this line is given up: what follows a stray quote is usually sound.
			this.refuse(
				end.state === "bad" ? "text after a closing quote" : "a quoted field is not closed",
				bytes,
				start,
				lineEnd,
			);
			this.line++;
			return lineEnd + 1;
		}
		const textEnd = end.at > start && bytes[end.at - 1] === CR ? end.at - 1 : end.at;
		this.take(bytes, start, textEnd, clean, () => this.copyQuoted(bytes, start, textEnd));
		this.line += end.lineBreaks + 1;
		return end.at + 1;
	}

	/** Writes one record's fields with `copy`, or rejects it; the first record of a table is its header. */
	private take(bytes: Buffer, start: number, end: number, clean: boolean, copy: () => number): void {
		const problem = clean ? null : problemOf(bytes.subarray(start, end));
		if (problem !== null) {
			this.refuse(problem, bytes, start, end);
			return;
		}
		const before = this.used;
		if (this.fieldCount === null) {
			copy();
			const fields = this.out.toString("utf8", before, this.used).split(String.fromCharCode(US));
			this.used = before;
			this.fieldCount = this.sink.header(fields);
			return;
		}
		this.used += this.out.write(`${this.line}`, this.used, "latin1");
		this.out[this.used++] = US;
		const fields = copy();
		if (fields !== this.fieldCount) {
			this.used = before;
			this.refuse(fields < this.fieldCount ? "too few fields" : "too many fields", bytes, start, end);
			return;
		}
		this.out[this.used++] = LF;
		this.records++;
	}

	/** Copies an unquoted record with its separators replaced; returns the number of fields. */
	private copyPlain(bytes: Buffer, start: number, end: number): number {
		const { out } = this;
		const delimiter = this.rules.delimiter ?? -1;
		let used = this.used;
		let fields = 1;
		for (let at = start; at < end; at++) {
			const byte = bytes[at] ?? SPACE;
			if (byte === delimiter) {
				out[used++] = US;
				fields++;
			} else out[used++] = byte === US || byte === CR ? SPACE : byte;
		}
		this.used = used;
		return fields;
	}

	/** Copies a record that `quotedEnd` found well formed; line breaks inside a field become blanks. */
	private copyQuoted(bytes: Buffer, start: number, end: number): number {
		const { out } = this;
		const delimiter = this.rules.delimiter ?? -1;
		const escaping = this.rules.escape ?? -1;
		let used = this.used;
		let fields = 1;
		let quoted = false;
		let fieldStart = true;
		for (let at = start; at < end; at++) {
			const byte = bytes[at] ?? SPACE;
			if (quoted) {
				if (byte === escaping && at + 1 < end) {
					at++;
					const behind = bytes[at] ?? SPACE;
					out[used++] = behind === LF || behind === CR || behind === US ? SPACE : behind;
				} else if (byte === QUOTE && bytes[at + 1] === QUOTE && at + 1 < end) {
					out[used++] = QUOTE;
					at++;
				} else if (byte === QUOTE) quoted = false;
				else out[used++] = byte === LF || byte === CR || byte === US ? SPACE : byte;
			} else if (byte === delimiter) {
				out[used++] = US;
				fields++;
				fieldStart = true;
				continue;
			} else if (byte === QUOTE && fieldStart) quoted = true;
			else out[used++] = byte === US || byte === CR ? SPACE : byte;
			fieldStart = false;
		}
		this.used = used;
		return fields;
	}

	private refuse(reason: string, bytes: Buffer, start: number, end: number): void {
		if (this.fieldCount === null) this.sink.unreadableHeader(this.line, reason);
		this.records++;
		const upTo = Math.min(end, start + 4 * SHOWN_CHARACTERS);
		const read =
			reason === INVALID ? withBytes(bytes.toString("latin1", start, upTo)) : bytes.toString("utf8", start, upTo);
		const shown = read.replace(/\p{Cc}/gu, " ");
		// By code points: half a surrogate pair is no JSON.
		const row = Array.from(shown).slice(0, SHOWN_CHARACTERS).join("").trimEnd();
		this.sink.reject({ line: this.line, reason, row });
	}

	private async flush(): Promise<void> {
		// The sink may still hold the block while the next one fills.
		const block = Buffer.from(this.out.subarray(0, this.used));
		this.used = 0;
		await this.sink.write(block);
	}
}

type QuotedEnd = { state: "end" | "end of bytes" | "open" | "bad"; at: number; lineBreaks: number };

/** Where a record with quotes ends: at a line break outside quotes, or at the end of the bytes. */
function quotedEnd(bytes: Buffer, start: number, rules: ScanRules, limit: number): QuotedEnd {
	const delimiter = rules.delimiter ?? -1;
	const escaping = rules.escape ?? -1;
	let lineBreaks = 0;
	let quoted = false;
	let closed = false;
	let fieldStart = true;
	for (let at = start; at < limit; at++) {
		const byte = bytes[at];
		if (quoted) {
			if (byte === LF) lineBreaks++;
			else if (byte === escaping) {
				at++;
				if (bytes[at] === LF) lineBreaks++;
			} else if (byte === QUOTE) {
				if (bytes[at + 1] === QUOTE) at++;
				else {
					quoted = false;
					closed = true;
				}
			}
		} else if (byte === LF) return { state: "end", at, lineBreaks };
		else if (byte === delimiter) {
			closed = false;
			fieldStart = true;
			continue;
		} else if (closed && byte !== CR) return { state: "bad", at, lineBreaks };
		else if (byte === QUOTE && fieldStart) quoted = true;
		fieldStart = false;
	}
	return { state: quoted ? "open" : "end of bytes", at: limit, lineBreaks };
}

/** Text of which only the ASCII is certain: other bytes are shown as such. */
function withBytes(latin1: string): string {
	return latin1.replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

function problemOf(record: Buffer): string | null {
	if (!isUtf8(record)) return INVALID;
	return record.includes(0) ? "NUL byte in text" : null;
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
	return end === start || (end === start + 1 && bytes[start] === CR);
}
