import { deflateRawSync } from "node:zlib";

/** 1 January 1980, the earliest that the format knows: equal contents make equal bytes. */
const DOS_DATE = 0x21;
const UTF8 = 0x0800;

/** A zip file of these files, the same bytes for the same contents. */
export function zip(files: readonly { path: string; bytes: Buffer }[]): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const { path, bytes } of files) {
		const name = Buffer.from(path, "utf8");
		const packed = deflateRawSync(bytes);
		const facts = Buffer.alloc(26);
		facts.writeUInt16LE(20, 0);
		facts.writeUInt16LE(UTF8, 2);
		facts.writeUInt16LE(8, 4);
		facts.writeUInt16LE(DOS_DATE, 8);
		facts.writeUInt32LE(crc32(bytes), 10);
		facts.writeUInt32LE(packed.length, 14);
		facts.writeUInt32LE(bytes.length, 18);
		facts.writeUInt16LE(name.length, 22);
		parts.push(signature(0x04034b50), facts, name, packed);
		// Version made by Unix, since modes are Unix's: a file that its owner and everybody may read.
		const place = Buffer.alloc(14);
		place.writeUInt32LE((0o100644 << 16) >>> 0, 6);
		place.writeUInt32LE(offset, 10);
		directory.push(signature(0x02014b50), Buffer.from([20, 3]), facts, place, name);
		offset += 30 + name.length + packed.length;
	}
	const listed = Buffer.concat(directory);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(files.length, 4);
	end.writeUInt16LE(files.length, 6);
	end.writeUInt32LE(listed.length, 8);
	end.writeUInt32LE(offset, 12);
	return Buffer.concat([...parts, listed, signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
	let value = index;
	for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
	return value >>> 0;
});

/** `zlib.crc32` is not in every Node 20. */
function crc32(bytes: Buffer): number {
	let crc = 0xffffffff;
	for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
	return (crc ^ 0xffffffff) >>> 0;
}
