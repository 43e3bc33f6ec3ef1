import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { AppError, type StoredFile } from "@atelier/core";
import {
	AbortMultipartUploadCommand,
	type CompletedPart,
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { Bucket } from "./bucket";

/**
 * Brings a local file into the bucket, with its SHA-256 beside it.
 *
 * @throws AppError BAD_DATA when the file is not as it is listed
 */
export async function upload(bucket: Bucket, key: string, path: string, file: StoredFile): Promise<void> {
	if (file.sizeBytes > bucket.sizes.partBytes) return uploadInParts(bucket, key, path, file);
	const handle = await open(path);
	try {
		const { size } = await handle.stat();
		if (size !== file.sizeBytes) throw isOther(file);
		await bucket.put(key, size === 0 ? "" : createReadStream(path), file);
	} finally {
		await handle.close();
	}
}

async function uploadInParts(bucket: Bucket, key: string, path: string, file: StoredFile): Promise<void> {
	const { client } = bucket;
	const at = bucket.at(key);
	const begin = new CreateMultipartUploadCommand({ ...at, Metadata: { sha256: file.sha256 } });
	const UploadId = (await bucket.ask(() => client.send(begin)))?.UploadId;
	try {
		const Parts: CompletedPart[] = [];
		const hash = createHash("sha256");
		for await (const Body of createReadStream(path, { highWaterMark: bucket.sizes.partBytes })) {
			hash.update(Body);
			const PartNumber = Parts.length + 1;
			const part = new UploadPartCommand({ ...at, UploadId, PartNumber, Body });
			Parts.push({ PartNumber, ETag: (await bucket.ask(() => client.send(part)))?.ETag });
		}
		if (hash.digest("hex") !== file.sha256) throw isOther(file);
		const end = new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } });
		await bucket.ask(() => client.send(end));
	} catch (error) {
		// Parts of an upload that never ends are paid for; where the bucket is away its own rules remove them.
		await client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined);
		throw error;
	}
}

function isOther({ path }: StoredFile): AppError {
	return new AppError("BAD_DATA", `${path} has other content than its list says.`);
}
