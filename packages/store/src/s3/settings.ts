/** A bucket of Amazon's or of any server that speaks its protocol. */
export interface BucketSettings {
	bucket: string;
	/** Without `/` at either end; empty for the whole bucket. */
	prefix: string;
	/** `http(s)://host:port`; Amazon's own when absent. */
	endpoint?: string | undefined;
	region: string;
	/** Without both, what the machine itself is given (role, profile) counts. */
	key?: string | undefined;
	secret?: string | undefined;
}
