import type { Readable } from "node:stream";
import { AppError, messageOf, type StoredFile } from "@atelier/core";
import {
	DeleteObjectsCommand,
	GetObjectCommand,
	HeadObjectCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	S3Client,
	S3ServiceException,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { ByteRange } from "../store";
import type { BucketSettings } from "./settings";

export interface StoredObject {
	/** Below the prefix. */
	key: string;
	sizeBytes: number;
	/** Opaque; another one for other content. */
	etag: string;
}

/** What {@link Bucket.head} knows of an object; `sha256` is null for one that {@link Bucket.put} did not write. */
export interface ObjectFacts extends Omit<StoredObject, "key"> {
	sha256: string | null;
}

const MOST_IN_ONE_DELETE = 1_000;

export interface TransferSizes {
	/** One request may carry 5 GB at most; a part that is cut off is sent again, and not the whole file. */
	partBytes: number;
	pageObjects: number;
}

/** The part of a bucket below a prefix, and its errors in our words. */
export class Bucket {
	readonly client: S3Client;

	constructor(
		readonly settings: BucketSettings,
		/** Smaller ones are for tests: they cost requests. */
		readonly sizes: TransferSizes = { partBytes: 64 * 1024 * 1024, pageObjects: 1_000 },
	) {
		const { endpoint, region, key: accessKeyId, secret: secretAccessKey } = settings;
		this.client = new S3Client({
			...(endpoint && { endpoint, forcePathStyle: true }),
			region,
			...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
			// What travels is compared by its SHA-256 here and there; servers other than Amazon's know no other sums.
			requestChecksumCalculation: "WHEN_REQUIRED",
			responseChecksumValidation: "WHEN_REQUIRED",
		});
	}

	get place(): string {
		return `s3://${this.settings.bucket}${this.settings.prefix && `/${this.settings.prefix}`}`;
	}

	/** What the SDK calls an object: bucket and whole key. */
	at(key: string): { Bucket: string; Key: string } {
		return { Bucket: this.settings.bucket, Key: this.prefix + key };
	}

	/** @returns null where there is no such object */
	async get(key: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable | null> {
		const isWhole = range === undefined || (range.start === 0 && range.end === undefined);
		const Range = isWhole ? undefined : `bytes=${range.start}-${range.end ?? ""}`;
		const command = new GetObjectCommand({ ...this.at(key), Range });
		const answer = await this.ask(() => this.client.send(command, { abortSignal: signal }));
		// In Node the body is a stream; the type names the browser's as well.
		return answer === null ? null : (answer.Body as Readable);
	}

	async head(key: string): Promise<ObjectFacts | null> {
		const answer = await this.ask(() => this.client.send(new HeadObjectCommand(this.at(key))));
		if (answer === null) return null;
		const { ContentLength: sizeBytes = 0, ETag: etag = "", Metadata } = answer;
		return { sizeBytes, etag, sha256: Metadata?.sha256 ?? null };
	}

	/** Writes a whole object; the server compares what arrives with the checksum. */
	async put(key: string, body: Readable | string, { sizeBytes, sha256 }: Omit<StoredFile, "path">): Promise<void> {
		const command = new PutObjectCommand({
			...this.at(key),
			Body: body,
			ContentLength: sizeBytes,
			ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
			Metadata: { sha256 },
		});
		await this.ask(() => this.client.send(command));
	}

	/** Writes a small object unless there is one already. */
	async putNew(key: string, body: string): Promise<void> {
		const command = new PutObjectCommand({ ...this.at(key), Body: body, IfNoneMatch: "*" });
		await this.client.send(command).catch((error: unknown) => {
			if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 412) throw this.away(error);
		});
	}

	async *list(prefix: string): AsyncIterable<StoredObject> {
		let token: string | undefined;
		do {
			const input = { Bucket: this.settings.bucket, Prefix: this.prefix + prefix, MaxKeys: this.sizes.pageObjects };
			const page = await this.ask(() =>
				this.client.send(new ListObjectsV2Command({ ...input, ContinuationToken: token })),
			);
			for (const { Key, Size: sizeBytes = 0, ETag: etag = "" } of page?.Contents ?? []) {
				if (Key !== undefined) yield { key: Key.slice(this.prefix.length), sizeBytes, etag };
			}
			token = page?.NextContinuationToken;
		} while (token !== undefined);
	}

	async remove(keys: readonly string[]): Promise<void> {
		for (let from = 0; from < keys.length; from += MOST_IN_ONE_DELETE) {
			const Objects = keys.slice(from, from + MOST_IN_ONE_DELETE).map((key) => ({ Key: this.prefix + key }));
			const command = new DeleteObjectsCommand({ Bucket: this.settings.bucket, Delete: { Objects, Quiet: true } });
			const answer = await this.ask(() => this.client.send(command));
			const [refused] = answer?.Errors ?? [];
			if (refused) {
				throw new AppError("UNAVAILABLE", `${this.place} does not remove ${refused.Key}: ${refused.Message}`);
			}
		}
	}

	/** The address carries the right to one object and way, and nothing else. */
	address(key: string, way: "get" | "put", expiresIn: number): Promise<string> {
		const command = way === "get" ? new GetObjectCommand(this.at(key)) : new PutObjectCommand(this.at(key));
		return getSignedUrl(this.client, command, { expiresIn });
	}

	/** @throws AppError BAD_DATA for a checksum that does not fit, UNAVAILABLE for everything that is the bucket's */
	async ask<T>(send: () => Promise<T>): Promise<T | null> {
		try {
			return await send();
		} catch (error) {
			if (error instanceof S3ServiceException) {
				// HEAD answers have no body, and so no name for what is missing.
				if (error.name === "NoSuchKey" || error.name === "NotFound") return null;
				if (
					error.name === "BadDigest" ||
					error.name === "InvalidDigest" ||
					error.name === "XAmzContentSHA256Mismatch"
				) {
					throw new AppError("BAD_DATA", `What arrived at ${this.place} has other content than its list says.`);
				}
			}
			throw this.away(error);
		}
	}

	away(error: unknown): Error {
		if (error instanceof AppError) return error;
		if (error instanceof Error && error.name === "AbortError") return error;
		const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
		const hint = status === 403 ? " Are ATELIER_STORE_KEY and ATELIER_STORE_SECRET right?" : noBucketHint(error);
		const { endpoint } = this.settings;
		const where = endpoint ? `${this.place} at ${endpoint}` : this.place;
		const what = error instanceof S3ServiceException ? `${error.name}: ${error.message}` : messageOf(error);
		const words = what.replace(/\.+$/, "");
		return new AppError("UNAVAILABLE", `The store ${where} cannot be used: ${words}.${hint}`, { cause: error });
	}

	private get prefix(): string {
		return this.settings.prefix && `${this.settings.prefix}/`;
	}
}

const noBucketHint = (error: unknown) =>
	error instanceof S3ServiceException && error.name === "NoSuchBucket"
		? " Make it, or name another in ATELIER_STORE."
		: "";
