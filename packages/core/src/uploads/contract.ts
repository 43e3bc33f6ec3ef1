import { z } from "zod";

/** Files are handed over in pieces of this many bytes; a file's last one is shorter. */
export const PIECE_BYTES = 4 << 20;
/** Header of a piece: SHA-256 of its bytes, in hex. */
export const PIECE_HASH_HEADER = "x-atelier-sha256";

/** What a file of an upload is for; each has a folder of its own. */
export const UPLOAD_ROLES = ["data", "mapping", "items"] as const;
export type UploadRole = (typeof UPLOAD_ROLES)[number];

export const uploadFile = z.strictObject({
	role: z.enum(UPLOAD_ROLES),
	name: z.string().min(1).max(500),
	sizeBytes: z.int().nonnegative(),
});
export type UploadFile = z.infer<typeof uploadFile>;

export const uploadId = z.string().regex(/^[0-9a-f]{32}$/, "is no upload's id");

/** Hashes of the pieces that are there, in their order. */
export interface StartedUpload {
	id: string;
	files: { hashes: string[] }[];
}

export const pieceAddress = (id: string, file: number, piece: number) => `/api/uploads/${id}/${file}/${piece}`;
export const piecesOf = (sizeBytes: number) => Math.ceil(sizeBytes / PIECE_BYTES);
