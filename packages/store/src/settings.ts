import { join } from "node:path";
import { z } from "zod";
import { FolderStore } from "./folder-store";
import { Bucket } from "./s3/bucket";
import { S3Store } from "./s3/s3-store";
import type { BucketSettings } from "./s3/settings";
import type { Store } from "./store";

const GB = 1e9;
/** A variable that is set to nothing is not set. */
const text = z
	.string()
	.optional()
	.transform((value) => value || undefined);

/** Variables that say where an installation's artifacts lie; part of the environment of whatever opens a store. */
export const storeVariables = {
	/** `s3://bucket/prefix`; the folder `store` of ATELIER_HOME when absent. */
	ATELIER_STORE: text.refine(
		(value) => value === undefined || /^s3:\/\/[^/\s]+(\/[^\s]*)?$/.test(value),
		"wants s3://bucket/prefix, or nothing for the folder in ATELIER_HOME",
	),
	/** `http(s)://host:port` of a server that is not Amazon's. */
	ATELIER_STORE_ENDPOINT: text.refine(
		(value) => value === undefined || /^https?:\/\/\S+$/.test(value),
		"wants an address, as https://objects.example.org",
	),
	ATELIER_STORE_REGION: text.transform((value) => value ?? "us-east-1"),
	/** Without these two what the machine itself is given counts: a role, a profile, AWS_ACCESS_KEY_ID. */
	ATELIER_STORE_KEY: text,
	ATELIER_STORE_SECRET: text,
	/** What is kept here of a bucket, in 10⁹ bytes; what is in use is kept beyond it. */
	ATELIER_STORE_CACHE_GB: text
		.transform((value) => (value === undefined ? 50 : Number(value)))
		.refine((value) => value > 0, "wants a number of gigabytes above 0"),
};

const variables = z.object(storeVariables);

export interface StoreSettings {
	/** Absolute ATELIER_HOME. */
	home: string;
	/** Where artifacts lie in a bucket; in the folder `store` of the home without it. */
	bucket?: BucketSettings | undefined;
	/** Only with a bucket. */
	cacheBytes?: number | undefined;
}

export function storeSettings(home: string, env: z.infer<typeof variables>): StoreSettings {
	const bucket = env.ATELIER_STORE === undefined ? undefined : bucketSettings(env.ATELIER_STORE, env);
	return { home, bucket, cacheBytes: env.ATELIER_STORE_CACHE_GB * GB };
}

/** @param place `s3://bucket/prefix` */
export function bucketSettings(place: string, env: z.infer<typeof variables>): BucketSettings {
	const [bucket = "", ...prefix] = place.replace("s3://", "").split("/").filter(Boolean);
	return {
		bucket,
		prefix: prefix.join("/"),
		endpoint: env.ATELIER_STORE_ENDPOINT,
		region: env.ATELIER_STORE_REGION,
		key: env.ATELIER_STORE_KEY,
		secret: env.ATELIER_STORE_SECRET,
	};
}

/** The folder in which an installation keeps its artifacts where no bucket is named. */
export const storeFolder = (home: string) => join(home, "store");

/** The store of an installation. */
export function openStore({ home, bucket, cacheBytes = 50 * GB }: StoreSettings): Store {
	if (bucket === undefined) return new FolderStore(storeFolder(home));
	return new S3Store({ bucket: new Bucket(bucket), root: join(home, "cache", "store"), cacheBytes });
}
