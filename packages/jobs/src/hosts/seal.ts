import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { AppError } from "@atelier/core";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A host's token as the record keeps it: AES-256-GCM under a key that is derived from the installation's secret. */
export function sealToken(token: string, secret: string, host: string): string {
	const nonce = randomBytes(NONCE_BYTES);
	const cipher = createCipheriv("aes-256-gcm", keyOf(secret), nonce);
	// A sealed token fits the host that it was sealed for, and no other.
	cipher.setAAD(Buffer.from(host));
	const sealed = Buffer.concat([cipher.update(token, "utf8"), cipher.final()]);
	return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
}

/** @throws AppError UNAVAILABLE when it was sealed with another secret or for another host */
export function openToken(sealed: string, secret: string, host: string): string {
	const bytes = Buffer.from(sealed, "base64");
	const decipher = createDecipheriv("aes-256-gcm", keyOf(secret), bytes.subarray(0, NONCE_BYTES));
	decipher.setAAD(Buffer.from(host));
	decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
	try {
		const token = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
		return Buffer.concat([token, decipher.final()]).toString("utf8");
	} catch (error) {
		const what = `The token of host ${host} was sealed with another ATELIER_SECRET: give it again with`;
		throw new AppError("UNAVAILABLE", `${what} npx atelier host set ${host} --token-file FILE.`, { cause: error });
	}
}

function keyOf(secret: string): Buffer {
	return Buffer.from(hkdfSync("sha256", secret, "", "atelier host tokens", 32));
}
