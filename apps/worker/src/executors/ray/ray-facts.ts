import { type HostFacts, hostFacts } from "@atelier/core";
import type { CheckedEnvironment } from "./environment-check";
import type { RayNode } from "./ray-client";

/** What a cluster says of its nodes, and the trainer's check of what is installed there. */
export function factsOf(
	rayVersion: string,
	nodes: readonly RayNode[],
	checked: CheckedEnvironment | undefined,
): HostFacts {
	const alive = nodes.filter(({ state }) => state === "ALIVE");
	const total = (name: string) =>
		alive.reduce((sum, { resources_total }) => sum + (Number(resources_total?.[name] ?? 0) || 0), 0);
	// Ray counts GPUs and does not know their memory; the trainer's check sees those of the node that it ran on.
	const seen = checked?.devices.filter(({ name }) => name !== "cpu") ?? [];
	const gpus = Array.from({ length: Math.round(total("GPU")) }, (_, index) => {
		const device = seen[index] ?? seen[0];
		return { name: device?.model ?? "GPU", memoryBytes: device?.memoryBytes ?? 0 };
	});
	const versions = Object.entries(checked?.versions ?? {}).flatMap(([name, version]) =>
		version === null ? [] : [[name, version] as const],
	);
	return hostFacts.parse({
		gpus,
		cpus: total("CPU"),
		memoryBytes: total("memory"),
		nodes: alive.length,
		versions: { ray: rayVersion, ...(checked && { python: checked.python }), ...Object.fromEntries(versions) },
	});
}
