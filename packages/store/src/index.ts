export { type CopyOutcome, type CopyProgress, copyStore } from "./copy-store";
export { FolderStore } from "./folder-store";
export type { Inbox, InboxFile } from "./inbox";
export type { ArtifactChecker, Check, CheckOptions } from "./integrity/artifact-checker";
export { listFiles } from "./integrity/artifact-files";
export { type FileFacts, fileFacts } from "./integrity/file-facts";
export { FileHashes, type HashOptions } from "./integrity/file-hashes";
export { type LinkedModel, linkedModel } from "./integrity/linked-model";
export { attemptRef, datasetRef, type ParsedRef, parseRef, type Ref, sealOf } from "./refs";
export { Bucket } from "./s3/bucket";
export { S3Store, type S3StoreOptions } from "./s3/s3-store";
export type { BucketSettings } from "./s3/settings";
export {
	bucketSettings,
	openStore,
	type StoreSettings,
	storeFolder,
	storeSettings,
	storeVariables,
} from "./settings";
export { sha256OfFile } from "./sha256";
export type { ByteRange, FolderOptions, Store } from "./store";
