export { FolderStore } from "./folder-store";
export type { ArtifactChecker, Check, CheckOptions } from "./integrity/artifact-checker";
export { listFiles } from "./integrity/artifact-files";
export { type FileFacts, fileFacts } from "./integrity/file-facts";
export { FileHashes, type HashOptions } from "./integrity/file-hashes";
export { openStore, type StoreSettings } from "./open-store";
export { attemptRef, datasetRef, type ParsedRef, parseRef, type Ref, sealOf } from "./refs";
export { sha256OfFile } from "./sha256";
export type { ByteRange, FolderOptions, Store } from "./store";
