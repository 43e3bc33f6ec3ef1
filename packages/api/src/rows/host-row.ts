import { AppError, HOST_KINDS, HOST_STATES, hostFacts, hostSettings, LOCAL_HOST } from "@atelier/core";
import type { Database, Host } from "@atelier/db";
import { hostWork } from "@atelier/jobs";

/** A host as people see it; of its token no more than whether it has one. */
function toRow(host: Host, work: Awaited<ReturnType<typeof hostWork>>, workerSlots: number) {
	const { name, kind, address, token, slots, gpus, state, problem, unreachableSince, draining } = host;
	return {
		name,
		kind: HOST_KINDS.find((known) => known === kind) ?? HOST_KINDS[0],
		address,
		hasToken: token !== null,
		/** Stages at once; of `local` those of all living workers together, where nobody set them. */
		slots: slots ?? (name === LOCAL_HOST ? workerSlots : 1),
		gpus,
		state: HOST_STATES.find((known) => known === state) ?? HOST_STATES[0],
		problem,
		unreachableSince,
		draining,
		facts: hostFacts.catch(hostFacts.parse({})).parse(host.facts),
		settings: hostSettings.catch(hostSettings.parse({})).parse(host.settings),
		pricePerHour: host.pricePerHour,
		probedAt: host.probedAt,
		running: work.running.get(name) ?? [],
		/** Ready stages of launches that name it. */
		waiting: work.waiting.get(name) ?? 0,
	};
}
export type HostRow = ReturnType<typeof toRow>;

const SILENCE_MS = 20_000;

/** `local` first, the others by name. */
export async function hostRows(db: Database): Promise<HostRow[]> {
	const seenAt = { gte: new Date(Date.now() - SILENCE_MS) };
	const [hosts, work, workers] = await Promise.all([
		db.host.findMany({ orderBy: { name: "asc" } }),
		hostWork(db),
		db.workerHeartbeat.aggregate({ where: { seenAt }, _sum: { slots: true } }),
	]);
	const ordered = [
		...hosts.filter(({ name }) => name === LOCAL_HOST),
		...hosts.filter(({ name }) => name !== LOCAL_HOST),
	];
	return ordered.map((host) => toRow(host, work, workers._sum.slots ?? 0));
}

/** @throws AppError NOT_FOUND with the names that there are */
export async function findHost(db: Database, name: string): Promise<Host> {
	const hosts = await db.host.findMany({ orderBy: { name: "asc" } });
	const host = hosts.find((one) => one.name === name);
	if (host !== undefined) return host;
	const names = hosts.map((one) => one.name).join(", ");
	throw new AppError("NOT_FOUND", `There is no host "${name}". There are: ${names}.`);
}

/** @throws AppError CONFLICT for `local`, of which this cannot be done */
export function refuseLocal(name: string, what: string): void {
	if (name !== LOCAL_HOST) return;
	throw new AppError("CONFLICT", `Host local is each worker's own machine: it cannot be ${what}.`);
}
