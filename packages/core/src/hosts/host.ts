import { z } from "zod";

/** Which executor speaks to a host. */
export const HOST_KINDS = ["local", "ray"] as const;
export type HostKind = (typeof HOST_KINDS)[number];

/** Every worker's own machine: always there, and never removed. */
export const LOCAL_HOST = "local";

export const HOST_STATES = ["unknown", "reachable", "unreachable"] as const;
export type HostState = (typeof HOST_STATES)[number];

/** Names go into file names, addresses and command lines. */
export const hostName = z
	.string()
	.regex(
		/^[a-z0-9][a-z0-9-]{0,39}$/,
		"wants small letters, digits and hyphens, at most 40, and no hyphen at its start",
	);

export const hostGpu = z.object({
	name: z.string(),
	memoryBytes: z.number().nonnegative(),
	/** As of the probe; null where the host does not say. */
	usedBytes: z.number().nonnegative().nullable().default(null),
	/** 0 to 1. */
	utilisation: z.number().min(0).max(1).nullable().default(null),
});
export type HostGpu = z.infer<typeof hostGpu>;

/** What a probe finds. What a host does not say is left empty, never guessed. */
export const hostFacts = z.object({
	gpus: z.array(hostGpu).default([]),
	cpus: z.number().nonnegative().nullable().default(null),
	memoryBytes: z.number().nonnegative().nullable().default(null),
	/** Machines that make up the host. */
	nodes: z.int().nonnegative().nullable().default(null),
	/** `ray`, `python`, `torch`, `trainer`, …: name → version. */
	versions: z.record(z.string(), z.string()).default({}),
});
export type HostFacts = z.infer<typeof hostFacts>;

/** How the trainer's environment comes to a host. */
export const hostSettings = z.object({
	/**
	 * `image`: the host's own Python has it; `pip`: the host installs our pinned requirements once. Which build of PyTorch
	 * those are is decided by the index that the host's pip reads.
	 */
	environment: z.enum(["image", "pip"]).default("pip"),
	/** Python of the image that has the trainer's packages. */
	python: z.string().min(1).default("python"),
	/** How the host reaches the console's artifact route; null: by the console's own address. */
	artifactsUrl: z.url().nullable().default(null),
});
export type HostSettings = z.infer<typeof hostSettings>;
