"use client";
import { APP_ERROR_CODES, AppError, PIECE_HASH_HEADER, pieceAddress, sendFiles } from "@atelier/core";
import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { useTRPCClient } from "~/trpc/client";
import { type ChosenFile, fingerprintOf } from "./chosen-files";

export interface UploadProgress {
	sentBytes: number;
	totalBytes: number;
}

/** Hands files over to the console; what an earlier, interrupted try has sent is not sent again. */
export function useUpload() {
	const client = useTRPCClient();
	const [progress, setProgress] = useState<UploadProgress | null>(null);
	const stopping = useRef<AbortController>(undefined);
	useEffect(() => () => stopping.current?.abort(), []);

	/** @returns the upload's id */
	async function upload(files: readonly ChosenFile[]): Promise<string> {
		const controller = new AbortController();
		stopping.current = controller;
		try {
			const started = await client.uploads.begin.mutate({
				files: files.map(({ role, file }) => ({ role, name: file.name, sizeBytes: file.size })),
				fingerprint: fingerprintOf(files),
			});
			await sendFiles(
				started,
				files.map(({ file }) => ({
					sizeBytes: file.size,
					read: async (offset, length) => new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()),
				})),
				{
					sha256: hexOfSha256,
					put: (file, piece, bytes, hash) => put(pieceAddress(started.id, file, piece), bytes, hash, controller.signal),
					onProgress: (sentBytes, totalBytes) => setProgress({ sentBytes, totalBytes }),
					signal: controller.signal,
				},
			);
			return started.id;
		} finally {
			setProgress(null);
		}
	}
	return { upload, progress, stop: () => stopping.current?.abort() };
}

async function hexOfSha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
	const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
	return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const refusal = z.object({ code: z.enum(APP_ERROR_CODES), message: z.string() });

async function put(address: string, body: Uint8Array<ArrayBuffer>, hash: string, signal: AbortSignal): Promise<void> {
	const headers = { [PIECE_HASH_HEADER]: hash };
	const response = await fetch(address, { method: "PUT", headers, body, signal }).catch((cause: unknown) => {
		throw new AppError("UNAVAILABLE", "The console does not answer.", { cause });
	});
	if (response.ok) return;
	const said = refusal.safeParse(await response.json().catch(() => null));
	if (said.success) throw new AppError(said.data.code, said.data.message);
	throw new AppError(response.status >= 500 ? "UNAVAILABLE" : "INTERNAL", `The console answered ${response.status}.`);
}
