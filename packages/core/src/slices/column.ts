import type { AttributeKind } from "./attributes";

/** One attribute of the examples of a set. */
export interface ExampleColumn {
	kind: AttributeKind;
	/** The values that occur, as the data set writes them; of a flag none. */
	dictionary: readonly string[];
	/** For each example 0 where it has no value, else one more than the value's place in the dictionary; of a flag 0 or 1. */
	codes: Codes;
	/** Why no example has a value, in a sentence; null where some have. */
	lacks: string | null;
}

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** As columns and ranks are kept: whole numbers of one, two or four bytes, the highest byte first, as Postgres writes them. */
export function decodeNumbers(bytes: Uint8Array, width: 1 | 2 | 4): Codes {
	if (width === 1) return bytes;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const count = Math.floor(bytes.byteLength / width);
	const numbers = width === 2 ? new Uint16Array(count) : new Uint32Array(count);
	for (let i = 0; i < count; i += 1) numbers[i] = width === 2 ? view.getUint16(2 * i) : view.getUint32(4 * i);
	return numbers;
}

/** The opposite of {@link decodeNumbers}. */
export function encodeNumbers(numbers: ArrayLike<number>, width: 1 | 2 | 4): Uint8Array {
	const bytes = new Uint8Array(numbers.length * width);
	const view = new DataView(bytes.buffer);
	for (let i = 0; i < numbers.length; i += 1) {
		const number = numbers[i] ?? 0;
		if (width === 1) bytes[i] = number;
		else if (width === 2) view.setUint16(2 * i, number);
		else view.setUint32(4 * i, number);
	}
	return bytes;
}

/** Bytes that a code takes where so many values occur. */
export function codeWidth(values: number): 1 | 2 | 4 {
	return values < 0xff ? 1 : values < 0xffff ? 2 : 4;
}

/**
 * A column from its examples' values, one after another.
 *
 * @param order the values as they are to stand in the dictionary; by default numbers by size and text by letters
 */
export class ColumnBuilder {
	private readonly places = new Map<string, number>();
	private readonly given: Uint32Array;
	private next = 0;

	constructor(
		private readonly kind: AttributeKind,
		size: number,
	) {
		this.given = new Uint32Array(size);
	}

	add(value: string | number | boolean | null): void {
		const place = this.next;
		this.next += 1;
		if (value === null || value === false || value === "") return;
		const text = value === true ? "" : String(value);
		let code = this.places.get(text);
		if (code === undefined) {
			code = this.places.size + 1;
			this.places.set(text, code);
		}
		this.given[place] = code;
	}

	/** @param reason why no example has a value, for the case that none has. */
	finish(reason: string): ExampleColumn {
		if (this.kind === "flag") return { kind: "flag", dictionary: [], codes: Uint8Array.from(this.given), lacks: null };
		const isNumber = this.kind === "number";
		const byValue = (a: string, b: string) => (isNumber ? Number(a) - Number(b) : a < b ? -1 : 1);
		const dictionary = [...this.places.keys()].sort(byValue);
		const codes = new Uint32Array(dictionary.length + 1);
		for (const [i, value] of dictionary.entries()) codes[this.places.get(value) ?? 0] = i + 1;
		return {
			kind: this.kind,
			dictionary,
			codes: this.given.map((code) => codes[code] ?? 0),
			lacks: dictionary.length === 0 ? reason : null,
		};
	}
}
