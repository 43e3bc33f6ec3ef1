import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { APP_ERROR_CODES, AppError, type FileToSend, PIECE_HASH_HEADER, pieceAddress, sendFiles } from "@atelier/core";
import { z } from "zod";
import type { Client } from "../client";
import { readEnv } from "../env";
import { bar, progressLine } from "../output";
import type { LocalFile } from "./files-to-import";

/** Hands files over to the console, and returns the upload's id. What an interrupted try has sent is not sent again. */
export async function uploadFiles(client: Client, files: readonly LocalFile[]): Promise<string> {
	const times = files.map(({ path, modifiedMs }) => [path, modifiedMs]);
	const started = await client.uploads.begin.mutate({
		files: files.map(({ role, name, sizeBytes }) => ({ role, name, sizeBytes })),
		fingerprint: createHash("sha256").update(JSON.stringify(times)).digest("hex"),
	});
	const line = progressLine();
	try {
		await sendFiles(started, files.map(toSend), {
			sha256: async (bytes) => createHash("sha256").update(bytes).digest("hex"),
			put: (file, piece, bytes, hash) => put(pieceAddress(started.id, file, piece), bytes, hash),
			onProgress: (sent, total) => line.show("uploading", `${bar(sent, total)} bytes`),
		});
	} finally {
		line.end();
	}
	return started.id;
}

function toSend({ path, sizeBytes }: LocalFile): FileToSend {
	return {
		sizeBytes,
		async read(offset, length) {
			const handle = await open(path);
			try {
				const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, offset);
				return buffer.subarray(0, bytesRead);
			} finally {
				await handle.close();
			}
		},
	};
}

const refusal = z.object({ code: z.enum(APP_ERROR_CODES), message: z.string() });

async function put(address: string, body: Uint8Array<ArrayBuffer>, hash: string): Promise<void> {
	const { url, token } = readEnv();
	const headers = { authorization: `Bearer ${token}`, [PIECE_HASH_HEADER]: hash };
	const response = await fetch(url + address, { method: "PUT", headers, body }).catch((cause: unknown) => {
		throw new AppError("UNAVAILABLE", "The console does not answer.", { cause });
	});
	if (response.ok) return;
	const said = refusal.safeParse(await response.json().catch(() => null));
	if (said.success) throw new AppError(said.data.code, said.data.message);
	throw new AppError(response.status >= 500 ? "UNAVAILABLE" : "INTERNAL", `The console answered ${response.status}.`);
}
