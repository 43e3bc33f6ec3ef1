import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, type HostSettings } from "@atelier/core";
import { z } from "zod";
import type { RayClient } from "./ray-client";
import { hasEnded } from "./ray-job-state";
import { entrypoint, runtimeEnv } from "./runtime-env";
import type { TrainerPackage } from "./trainer-package";

const POLL_MS = 500;
/** The image's environment answers in seconds; packages are several gigabytes to install, once. */
const WITHIN_MS = { image: 3 * 60_000, pip: 45 * 60_000 } as const;

/** What `python -m atelier_trainer check` prints (packages/trainer/atelier_trainer/check.py), as far as we look at it. */
const checked = z.object({
	ok: z.boolean(),
	python: z.string(),
	versions: z.record(z.string(), z.string().nullable()),
	devices: z
		.array(z.object({ name: z.string(), model: z.string().optional(), memoryBytes: z.number().optional() }))
		.default([]),
});
export type CheckedEnvironment = z.infer<typeof checked>;

/**
 * Runs the trainer's own check on the host, as a job like a stage's.
 *
 * @throws AppError UNAVAILABLE with what is missing; RayAway where the cluster stops answering meanwhile
 */
export async function checkEnvironment(
	client: RayClient,
	{
		settings,
		trainer,
		trainerPath,
		session,
		gpus,
	}: {
		settings: HostSettings;
		trainer: TrainerPackage;
		trainerPath: string;
		session: string;
		gpus: number;
	},
): Promise<CheckedEnvironment> {
	const about = createHash("sha256")
		.update(JSON.stringify([trainer.name, settings, session]))
		.digest("hex");
	const name = `check-${about.slice(0, 24)}`;
	// Another worker may have had it checked already; what failed then may have been mended since.
	const known = await client.job(name);
	const id = known !== null && known.status !== "SUCCEEDED" && hasEnded(known) ? `${name}-${Date.now()}` : name;
	if (known === null || id !== name) {
		const request = {
			submissionId: id,
			entrypoint: entrypoint(settings, "atelier_trainer", "check"),
			runtimeEnv: await runtimeEnv(settings, trainer, trainerPath),
			metadata: { atelier: "check" },
			gpus,
		};
		await client.submit(request).catch((error: unknown) => {
			if (!(error instanceof AppError) || error.code !== "CONFLICT") throw error;
		});
	}
	const until = Date.now() + WITHIN_MS[settings.environment];
	for (;;) {
		const job = await client.job(id);
		if (job !== null && hasEnded(job)) {
			return readCheck(await client.logs(id), job.message ?? "");
		}
		if (Date.now() > until) {
			await client.stop(id).catch(() => undefined);
			throw new AppError("UNAVAILABLE", "The trainer's check did not end in time on this host.");
		}
		await delay(POLL_MS);
	}
}

function readCheck(log: string, message: string): CheckedEnvironment {
	const found = parse(log);
	if (found === null) {
		const last = (log.trim() || message).split("\n").slice(-3).join(" ").slice(0, 500);
		throw new AppError("UNAVAILABLE", `The trainer cannot run on this host: ${last || "its check said nothing"}`);
	}
	if (found.ok) return found;
	const missing = Object.entries(found.versions).flatMap(([name, version]) => (version === null ? [name] : []));
	throw new AppError(
		"UNAVAILABLE",
		`The host's Python ${found.python} lacks ${missing.join(", ")}: choose the environment "pip", or a Python that has them.`,
	);
}

function parse(log: string): CheckedEnvironment | null {
	// Ray prints lines of its own around it.
	const [start, end] = [log.indexOf("{\n"), log.lastIndexOf("}")];
	try {
		return checked.parse(JSON.parse(log.slice(start, end + 1)));
	} catch {
		return null;
	}
}
