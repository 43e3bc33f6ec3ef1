import type { RemoteEnd } from "@atelier/core";
import type { RayJob } from "./ray-client";

/** What is known of a remote stage at one moment. */
export interface Evidence {
	hasReceipt: boolean;
	/** Its own word of how it ended. */
	end: RemoteEnd | null;
	/** Whether a process on the host has taken the attempt. */
	hasBegun: boolean;
	/** How long its heartbeat has been the same, by our clock. */
	silentMs: number;
	/** `away` where the cluster does not answer; `lost` where it is another than the one that took the job. */
	ray: RayJob | "unknown" | "away" | "lost";
}

/** `failed`: it could not even be started, for a reason that Ray knows. */
export type RayState =
	| { is: "running" | "gone" | "unreachable" }
	| { is: "ended"; exitCode: number | null; signal: string | null }
	| { is: "failed"; exitCode: number | null; message: string };

/** A heartbeat comes every 5 s: this many are missing before a word of Ray's counts. */
export const SILENT_MS = 60_000;

/**
 * What a stage is, from what it tells itself and what Ray says. The stage's own word always wins: with its receipt it has
 * succeeded, and while its heart beats it runs, whatever Ray believes. Only of one that has been silent for long, and of
 * which a cluster that answers says that it has ended or was never there, nothing is left. A cluster that does not
 * answer, or claims that it runs, leaves it unreachable, for as long as that takes.
 */
export function judge({ hasReceipt, end, hasBegun, silentMs, ray }: Evidence, silentLimitMs = SILENT_MS): RayState {
	if (hasReceipt) return { is: "ended", exitCode: 0, signal: null };
	if (end !== null) return { is: "ended", ...end };
	if (!hasBegun && typeof ray === "object" && ray.status === "FAILED") {
		// No Python of that name, no packages, no way to the console: there is nothing to wait for.
		return { is: "failed", exitCode: ray.driver_exit_code ?? null, message: ray.message ?? "" };
	}
	if (silentMs < silentLimitMs) return { is: "running" };
	if (ray === "away") return { is: "unreachable" };
	if (ray === "unknown" || ray === "lost") return { is: "gone" };
	switch (ray.status) {
		case "PENDING":
			// In Ray's own queue, or its packages are being installed.
			return { is: hasBegun ? "unreachable" : "running" };
		case "RUNNING":
			return { is: "unreachable" };
		case "STOPPED":
		case "SUCCEEDED":
		case "FAILED":
			return { is: "gone" };
	}
}

export const hasEnded = ({ status }: RayJob): boolean => status !== "PENDING" && status !== "RUNNING";
