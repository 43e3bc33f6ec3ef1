import { LOCAL_HOST, type StageKind, type StageNeeds } from "@atelier/core";
import type { HostRow } from "../../rows/host-row";

/** Where a stage would run; `null` where no host can. */
export interface Placement {
	host: string | null;
	/** Why no host can, and what would help. */
	refusal: string | null;
}

/**
 * Where a trainer stage would run as things stand, as the dispatcher would have it (packages/jobs/src/queue-order.ts): on
 * the host that its launch names, else `local`, or, where it needs a GPU, the first host that has what it needs.
 */
export function placeStage(
	hosts: readonly HostRow[],
	on: string | undefined,
	{ kind, section, needs }: { kind: StageKind; section: string; needs: StageNeeds },
): Placement {
	const named = hosts.find(({ name }) => name === on);
	if (named !== undefined) {
		const lacks = lacking(named, needs);
		if (lacks === null) return { host: named.name, refusal: null };
		return { host: null, refusal: `${kind} cannot run on ${named.name}: ${lacks}. ${remedy(section, needs)}` };
	}
	if (needs.gpus === 0) {
		const local = hosts.find(({ name }) => name === LOCAL_HOST);
		const lacks = local === undefined ? null : lacking(local, needs);
		if (lacks === null) return { host: LOCAL_HOST, refusal: null };
	}
	const able = hosts.filter(
		(host) => !host.draining && (needs.gpus > 0 || host.gpus === 0) && lacking(host, needs) === null,
	);
	const first = able.find(({ state }) => state === "reachable") ?? able[0];
	if (first !== undefined) return { host: first.name, refusal: null };
	const wanted = needs.gpus > 0 ? gpus(needs.gpus) : "a machine";
	const memory = needs.memoryGb === null ? "" : ` with ${needs.memoryGb} GB`;
	const refusal = `${kind} needs ${wanted}${memory}, and no host has that: npx atelier host add registers one. ${remedy(section, needs)}`;
	return { host: null, refusal };
}

/** What a host lacks of what a stage needs, in words; null where it has it all, or may have. */
function lacking({ gpus: has, facts }: HostRow, { gpus: wants, memoryGb }: StageNeeds): string | null {
	if (wants > has) return `it needs ${gpus(wants)}, and the host has ${has === 0 ? "none" : has}`;
	const bytes = wants > 0 ? Math.min(...facts.gpus.map(({ memoryBytes }) => memoryBytes)) : facts.memoryBytes;
	if (memoryGb === null || bytes === null || !Number.isFinite(bytes) || memoryGb * 1e9 <= bytes) return null;
	const what = wants > 0 ? "a GPU of the host" : "the host";
	return `it needs ${memoryGb} GB, and ${what} has ${(bytes / 1e9).toFixed(1)} GB`;
}

function remedy(section: string, { gpus: wants }: StageNeeds): string {
	const path = `resources.${section}`;
	return wants > 0 ? `--set ${path}.pool=cpu runs it without.` : `--set ${path}.memoryGb=null takes it to fit.`;
}

function gpus(count: number): string {
	return count === 1 ? "1 GPU" : `${count} GPUs`;
}
