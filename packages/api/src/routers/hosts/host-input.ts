import { AppError, hostSettings } from "@atelier/core";
import { z } from "zod";

/** What of a host a person says. */
export const hostInput = z.strictObject({
	/** `http://…` or `https://…` of the cluster's dashboard, which serves its Jobs API. */
	address: z
		.url({ protocol: /^https?$/, error: "wants an address that begins with http:// or https://" })
		.refine(
			(text) => new URL(text).username === "" && new URL(text).password === "",
			"wants no password in the address",
		)
		.transform((text) => text.replace(/\/+$/, "")),
	/** Kept sealed, and never shown again. */
	token: z
		.string()
		.trim()
		.min(1)
		.max(4_096)
		.regex(/^[\x21-\x7e]+$/, "wants one line without blanks"),
	/** Stages that run there at once. */
	slots: z.int().min(1).max(1_024),
	/** Of the whole host, in any currency. */
	pricePerHour: z.number().nonnegative().max(1e6),
	settings: hostSettings,
});

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Anyone who reaches a cluster without a token can run anything on it.
 *
 * @throws AppError BAD_REQUEST for one that other machines may reach
 */
export function refuseWithoutToken(address: string, hasToken: boolean): void {
	const { hostname } = new URL(address);
	if (hasToken || LOOPBACK.test(hostname)) return;
	const why = "whoever reaches a Ray cluster without a token can run anything on it";
	const how = "Start it with RAY_AUTH_MODE=token and give its token with --token-file";
	throw new AppError("BAD_REQUEST", `${hostname} is not this machine's loopback, and ${why}. ${how}.`);
}
