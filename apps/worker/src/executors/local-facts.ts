import { availableParallelism, totalmem } from "node:os";
import { type HostFacts, hostFacts } from "@atelier/core";
import { z } from "zod";

const check = z.object({
	ok: z.boolean(),
	python: z.string(),
	versions: z.record(z.string(), z.string().nullable()),
	devices: z.array(z.object({ name: z.string(), model: z.string().optional(), memoryBytes: z.number().optional() })),
	threads: z.number(),
});

/** What `atelier_trainer check` says of this machine. @throws Error when packages are missing */
export function factsOfCheck(stdout: string): HostFacts {
	const { ok, python, versions, devices } = check.parse(JSON.parse(stdout));
	const missing = Object.entries(versions).flatMap(([name, version]) => (version === null ? [name] : []));
	if (!ok) throw new Error(`packages are missing: ${missing.join(", ")}`);
	const gpus = devices.filter(({ name }) => name.startsWith("cuda"));
	const present = Object.entries(versions).flatMap(([name, version]) => (version === null ? [] : [[name, version]]));
	return hostFacts.parse({
		gpus: gpus.map(({ name, model, memoryBytes }) => ({ name: model ?? name, memoryBytes: memoryBytes ?? 0 })),
		cpus: availableParallelism(),
		memoryBytes: totalmem(),
		nodes: 1,
		versions: { python, ...Object.fromEntries(present) },
	});
}
