import { describe, expect, it } from "vitest";
import { RecordScanner, type RejectedRecord } from "../../src/import/record-scanner";

const MAX = 64;

async function scan(content: string | Buffer, chunkSize = 1 << 16, quotes = true) {
	const bytes = typeof content === "string" ? Buffer.from(content) : content;
	const written: Buffer[] = [];
	const rejects: RejectedRecord[] = [];
	let header: string[] = [];
	const scanner = new RecordScanner(
		{ delimiter: ",".charCodeAt(0), quotes, escape: null, fields: null, maxRecordBytes: MAX },
		{
			header(fields) {
				header = fields;
				return fields.length;
			},
			unreadableHeader(line, reason) {
				throw new Error(`line ${line}: ${reason}`);
			},
			async write(block) {
				written.push(block);
			},
			reject: (record) => rejects.push(record),
		},
	);
	for (let at = 0; at < bytes.length; at += chunkSize) await scanner.push(bytes.subarray(at, at + chunkSize));
	await scanner.end();
	const rows = Buffer.concat(written).toString().split("\n").slice(0, -1);
	return {
		header,
		rows: rows.map((row) => row.split("\x1f")),
		rejects: rejects.map(({ line, reason }) => ({ line, reason })),
		records: scanner.records,
	};
}

describe("record scanner", () => {
	it("numbers records by the physical line on which they begin, across quoted line breaks and blank lines", async () => {
		const { header, rows } = await scan('a,b\n1,"x\ny"\n\n\r\n2,z\n');
		expect(header).toEqual(["a", "b"]);
		expect(rows).toEqual([
			["2", "1", "x y"],
			["6", "2", "z"],
		]);
	});

	it("gives the same records however the bytes are cut into chunks", async () => {
		const content = '\uFEFFa,b\r\n1,"say ""hé"", he"\r\n2,"line\r\nbreak"\r\n3,5" heel\r\n4,é';
		const whole = await scan(content);
		expect(whole.rows).toEqual([
			["2", "1", 'say "hé", he'],
			["3", "2", "line  break"],
			["5", "3", '5" heel'],
			["6", "4", "é"],
		]);
		for (let size = 1; size < 12; size++) expect(await scan(content, size)).toEqual(whole);
	});

	it("rejects rows with too few or too many fields under their line", async () => {
		const { rows, rejects, records } = await scan("a,b\n1\n1,2\n1,2,3\n");
		expect(rows).toEqual([["3", "1", "2"]]);
		expect(rejects).toEqual([
			{ line: 2, reason: "too few fields" },
			{ line: 4, reason: "too many fields" },
		]);
		expect(records).toBe(3);
	});

	it("gives up only the line that opens a quote and never closes it", async () => {
		const { rows, rejects } = await scan(`a,b\n1,"x\n${"2,y\n".repeat(40)}`);
		expect(rejects).toEqual([{ line: 2, reason: "a quoted field is not closed" }]);
		expect(rows).toHaveLength(40);
		expect(rows[0]).toEqual(["3", "2", "y"]);
	});

	it("rejects text after a closing quote", async () => {
		const { rows, rejects } = await scan('a,b\n1,"x" y\n2,z\n');
		expect(rejects).toEqual([{ line: 2, reason: "text after a closing quote" }]);
		expect(rows).toEqual([["3", "2", "z"]]);
	});

	it("takes quotes as they are where the format has none", async () => {
		const { rows } = await scan('a,b\n1,"x\n', 1 << 16, false);
		expect(rows).toEqual([["2", "1", '"x']]);
	});

	it.each([7, 1 << 16])("passes over a line that is too long and goes on behind it (chunks of %d)", async (size) => {
		const { rows, rejects } = await scan(`a,b\n1,${"x".repeat(500)}\n2,y\n`, size);
		expect(rejects).toEqual([{ line: 2, reason: `line longer than ${MAX} bytes` }]);
		expect(rows).toEqual([["3", "2", "y"]]);
	});

	it("rejects only the records that are not UTF-8 or hold a NUL", async () => {
		const bytes = Buffer.concat([Buffer.from("a,b\n1,"), Buffer.from([0xff]), Buffer.from("\n2,é\n3,\0\n")]);
		const { rows, rejects } = await scan(bytes);
		expect(rejects).toEqual([
			{ line: 2, reason: "invalid UTF-8" },
			{ line: 4, reason: "NUL byte in text" },
		]);
		expect(rows).toEqual([["3", "2", "é"]]);
	});

	it("stops at a header that cannot be read instead of taking the next record for it", async () => {
		await expect(scan(`a,"b\n${"1,2\n".repeat(40)}`)).rejects.toThrow("line 1: a quoted field is not closed");
	});

	it("replaces the byte it separates fields with", async () => {
		expect((await scan("a,b\n1,x\x1fy\n")).rows).toEqual([["2", "1", "x y"]]);
	});
});
