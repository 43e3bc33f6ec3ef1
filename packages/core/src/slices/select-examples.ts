import { AppError } from "../errors";
import type { ExampleColumn } from "./column";
import { type Slice, type SliceTest, valuesOf } from "./slice";

/**
 * The places of the examples that a slice holds, in their order: a pass over the columns that it names.
 *
 * @throws AppError BAD_REQUEST for an attribute without a column.
 */
export function selectExamples(slice: Slice, columns: ReadonlyMap<string, ExampleColumn>, size: number): Uint32Array {
	const mask = maskOf(slice, columns, size);
	let count = 0;
	for (const bit of mask) count += bit;
	const places = new Uint32Array(count);
	let next = 0;
	for (let place = 0; place < size; place += 1) {
		if (mask[place] === 1) {
			places[next] = place;
			next += 1;
		}
	}
	return places;
}

/** 1 for each example that a slice holds, else 0. */
function maskOf(slice: Slice, columns: ReadonlyMap<string, ExampleColumn>, size: number): Uint8Array {
	switch (slice.type) {
		case "not":
			return maskOf(slice.of, columns, size).map((bit) => 1 - bit);
		case "and":
		case "or": {
			const isAnd = slice.type === "and";
			const mask = new Uint8Array(size).fill(isAnd ? 1 : 0);
			for (const part of slice.of) {
				const other = maskOf(part, columns, size);
				for (let i = 0; i < size; i += 1)
					mask[i] = isAnd ? (mask[i] ?? 0) & (other[i] ?? 0) : (mask[i] ?? 0) | (other[i] ?? 0);
			}
			return mask;
		}
		default: {
			const column = columns.get(slice.attribute);
			if (column === undefined) throw new AppError("BAD_REQUEST", `${slice.attribute} is not known of these shoppers.`);
			// Each value is judged once, however many examples have it.
			const isMet = metCodes(slice, column);
			const mask = new Uint8Array(size);
			for (let i = 0; i < size; i += 1) mask[i] = isMet[column.codes[i] ?? 0] ?? 0;
			return mask;
		}
	}
}

/** By code, whether it meets a test. */
function metCodes(test: SliceTest, { kind, dictionary }: ExampleColumn): Uint8Array {
	if (kind === "flag") return Uint8Array.of(0, 1);
	return Uint8Array.of(0, ...dictionary.map((value) => Number(isMetBy(test, value, kind === "number"))));
}

function isMetBy(test: SliceTest, value: string, isNumber: boolean): boolean {
	switch (test.type) {
		case "has":
			return true;
		case "is":
			if (isNumber) return test.values.some((wanted) => Number(wanted) === Number(value));
			return valuesOf(value).some((one) => test.values.includes(one));
		case "compare":
			return value.trim() !== "" && isCompared(Number(value), test);
	}
}

function isCompared(value: number, { op, value: bound }: SliceTest & { type: "compare" }): boolean {
	switch (op) {
		case "<":
			return value < bound;
		case "<=":
			return value <= bound;
		case ">":
			return value > bound;
		case ">=":
			return value >= bound;
	}
}
