import { AppError } from "@atelier/core";
import type { RayClient } from "./ray-client";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

export function isLoopback(address: string): boolean {
	return LOOPBACK.test(new URL(address).hostname);
}

/**
 * Whoever reaches a cluster without a token may run anything on it, and read the addresses in our jobs there. On this
 * machine's loopback that is whoever is on this machine already.
 *
 * @throws AppError BAD_REQUEST for one elsewhere that answers without a token
 */
export async function refuseOpenCluster(client: RayClient, address: string): Promise<void> {
	if (isLoopback(address)) return;
	const status = await client.withoutToken().statusOf("/api/jobs/");
	if (status === 401 || status === 403) return;
	throw new AppError(
		"BAD_REQUEST",
		`The cluster at ${address} answers without a token, so anyone in its network can run code on it. Start it with RAY_AUTH_MODE=token (docs/hosts.md), then add it with its token.`,
	);
}
