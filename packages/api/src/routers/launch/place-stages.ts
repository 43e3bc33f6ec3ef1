import {
	LOCAL_HOST,
	type MemoryNeed,
	type Processor,
	type StageKind,
	type StageNeeds,
	settingsThatFit,
	stageMemory,
} from "@atelier/core";
import type { HostRow } from "../../rows/host-row";

/** Where a stage would run; `null` where no host can. */
export interface Placement {
	host: string | null;
	/** Why no host can, and what would help. */
	refusal: string | null;
	/** What the stage is estimated to need; null where nothing tells. */
	memory: MemoryPlan | null;
}

/** A stage's memory against that of the host it would run on, or of the one that it does not fit. */
export interface MemoryPlan {
	bytes: number;
	/** Of its smallest GPU where the stage wants one, else of the machine; null where it is not known. */
	hostBytes: number | null;
	/** `--set …` with which it would fit, where it does not and any are known. */
	fitting: string | null;
}

/** What of a host decides. */
type Candidate = Pick<HostRow, "name" | "gpus" | "state" | "draining" | "facts">;

/** What is placed. `section`: of `resources:`. `memory`: what tells its memory, where nobody has said it. */
interface Wanted {
	kind: StageKind;
	section: string;
	needs: StageNeeds;
	memory: MemoryNeed | null;
}

/**
 * Where a trainer stage would run as things stand, as the dispatcher would have it (packages/jobs/src/queue-order.ts): on
 * the host that its launch names, else `local`, or, where it needs a GPU, the first host that has what it needs.
 */
export function placeStage(hosts: readonly Candidate[], on: string | undefined, wanted: Wanted): Placement {
	const { kind, section, needs, memory } = wanted;
	const memoryBytes = memory === null ? null : stageMemory(memory.question, memory.model, processorOf(needs)).total;
	const planned = (host: Candidate | undefined) => memoryPlan(host, wanted, memoryBytes);
	const runsOn = (host: Candidate): Placement => ({ host: host.name, refusal: null, memory: planned(host) });
	const refuse = (refusal: string, host?: Candidate): Placement => ({ host: null, refusal, memory: planned(host) });
	const lackingOn = (host: Candidate) => lacking(host, needs) ?? tooSmall(host, wanted, memoryBytes);
	const named = hosts.find(({ name }) => name === on);
	if (named !== undefined) {
		const lacks = lackingOn(named);
		if (lacks === null) return runsOn(named);
		return refuse(`${kind} cannot run on ${named.name}: ${lacks}. ${remedy(section, needs)}`, named);
	}
	const local = hosts.find(({ name }) => name === LOCAL_HOST);
	const lacksHere = local === undefined ? null : lackingOn(local);
	if (needs.gpus === 0 && local !== undefined && lacksHere === null) return runsOn(local);
	const able = hosts.filter(
		(host) => !host.draining && (needs.gpus > 0 || host.gpus === 0) && lackingOn(host) === null,
	);
	const first = able.find(({ state }) => state === "reachable") ?? able[0];
	if (first !== undefined) return runsOn(first);
	if (memoryBytes !== null && needs.gpus === 0) {
		return refuse(`${kind} cannot run here: ${lacksHere}. ${remedy(section, needs)}`, local);
	}
	const machine = needs.gpus > 0 ? gpus(needs.gpus) : "a machine";
	const size = needs.memoryGb ?? (memoryBytes === null ? null : (memoryBytes / 1e9).toFixed(1));
	const having = size === null ? "" : ` with ${size} GB`;
	const largest = largestOf(hosts, needs.gpus);
	const fitting = memoryPlan(largest, wanted, memoryBytes)?.fitting;
	const advice = fitting ? `; on ${largest?.name} ${fitting} would fit` : "";
	return refuse(
		`${kind} needs ${machine}${having}, and no host has that${advice}: npx atelier host add registers one. ${remedy(section, needs)}`,
		largest,
	);
}

/** What a host lacks of what a stage needs, in words; null where it has it all, or may have. */
function lacking(host: Candidate, { gpus: wants, memoryGb }: StageNeeds): string | null {
	const has = host.gpus;
	if (wants > has) return `it needs ${gpus(wants)}, and the host has ${has === 0 ? "none" : has}`;
	const bytes = memoryOf(host, wants);
	if (memoryGb === null || bytes === null || memoryGb * 1e9 <= bytes) return null;
	return `it needs ${memoryGb} GB, and ${nameOf(wants)} has ${(bytes / 1e9).toFixed(1)} GB`;
}

/** The same of what a stage is estimated to need, with the settings that would fit. */
function tooSmall(host: Candidate, { needs, memory }: Wanted, estimate: number | null): string | null {
	const bytes = memoryOf(host, needs.gpus);
	// A GPU of which nobody knows the memory is listed with none.
	if (memory === null || estimate === null || !bytes || estimate <= bytes) return null;
	const settings = settingsThatFit(memory, processorOf(needs), bytes);
	const advice = settings === null ? "no settings that are known would fit" : `${settings} would fit`;
	const sizes = `${(estimate / 1e9).toFixed(1)} GB, and ${nameOf(needs.gpus)} has ${(bytes / 1e9).toFixed(1)} GB`;
	return `it is estimated to need ${sizes}; ${advice}`;
}

/** Of the hosts with so many GPUs, the one with the most memory: what does not fit there fits nowhere. */
function largestOf(hosts: readonly Candidate[], wants: number): Candidate | undefined {
	const able = hosts.filter((host) => !host.draining && host.gpus >= wants);
	return able.sort((one, other) => (memoryOf(other, wants) ?? 0) - (memoryOf(one, wants) ?? 0))[0];
}

function memoryPlan(host: Candidate | undefined, { needs, memory }: Wanted, bytes: number | null): MemoryPlan | null {
	if (memory === null || bytes === null) return null;
	// A GPU of which nobody knows the memory is listed with none.
	const hostBytes = host === undefined ? null : memoryOf(host, needs.gpus) || null;
	const isTooLarge = hostBytes !== null && bytes > hostBytes;
	return { bytes, hostBytes, fitting: isTooLarge ? settingsThatFit(memory, processorOf(needs), hostBytes) : null };
}

/** Bytes of the smallest GPU where a stage wants any, else of the machine; null where they are not known. */
function memoryOf({ facts }: Candidate, wants: number): number | null {
	const bytes = wants > 0 ? Math.min(...facts.gpus.map(({ memoryBytes }) => memoryBytes)) : facts.memoryBytes;
	return bytes !== null && Number.isFinite(bytes) ? bytes : null;
}

/** Whether a processor multiplies bfloat16 is not known before a stage is there: what needs less is assumed. */
const processorOf = ({ gpus: wants }: StageNeeds): Processor => ({ isGpu: wants > 0, hasBfloat16: true });

const nameOf = (wants: number) => (wants > 0 ? "a GPU of the host" : "the host");

function remedy(section: string, { gpus: wants, memoryGb }: StageNeeds): string {
	const path = `resources.${section}`;
	if (wants > 0) return `--set ${path}.pool=cpu runs it without.`;
	return memoryGb === null
		? `--set ${path}.memoryGb=… says it better than the estimate.`
		: `--set ${path}.memoryGb=null takes it to fit.`;
}

function gpus(count: number): string {
	return count === 1 ? "1 GPU" : `${count} GPUs`;
}
