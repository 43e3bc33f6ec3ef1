import { AppError, HOST_KINDS, type HostKind, type HostSettings, hostSettings, LOCAL_HOST } from "@atelier/core";
import type { Database } from "@atelier/db";
import { openToken } from "@atelier/jobs";
import type { Store } from "@atelier/store";
import type { WorkerEnv } from "../env";
import type { Executor } from "./executor";
import { LocalExecutor } from "./local-executor";
import { makeRayExecutor } from "./ray/make-ray-executor";

/** What an executor may be made with. */
export interface ExecutorMeans {
	db: Database;
	env: WorkerEnv;
	store: Store;
}

/** What the record holds of a host that an executor has to speak to. */
export interface HostAccess {
	name: string;
	address: string;
	token: string | null;
	settings: HostSettings;
}

export type ExecutorFactory = (host: HostAccess, means: ExecutorMeans) => Executor;

/** Executors of hosts that are reached over a network; one kind more is one entry more. */
const FACTORIES: Partial<Record<HostKind, ExecutorFactory>> = { ray: makeRayExecutor };

/** The executors of this worker, one a host, made when first asked for and anew when the host's row has changed. */
export class Executors {
	readonly local: Executor;
	private readonly known = new Map<string, { access: string; executor: Executor }>();

	/** @param factories others than the usual ones, where a test stands in for a network */
	constructor(
		private readonly means: ExecutorMeans,
		private readonly factories: Partial<Record<HostKind, ExecutorFactory>> = FACTORIES,
	) {
		this.local = new LocalExecutor(means.env, means.store);
	}

	/** @throws AppError NOT_FOUND for a host that is not in the record (any more); UNAVAILABLE where its token cannot be read */
	async of(name: string): Promise<Executor> {
		if (name === LOCAL_HOST) return this.local;
		const row = await this.means.db.host.findUnique({ where: { name } });
		if (row === null) throw new AppError("NOT_FOUND", `There is no host ${name} any more.`);
		const access = JSON.stringify([row.kind, row.address, row.token, row.settings]);
		const known = this.known.get(name);
		if (known?.access === access) return known.executor;
		const kind = HOST_KINDS.find((one) => one === row.kind);
		const make = kind && this.factories[kind];
		if (make === undefined)
			throw new AppError("UNAVAILABLE", `This version has no executor for hosts of kind ${row.kind}.`);
		const token = row.token === null ? null : openToken(row.token, this.secret(name), name);
		const settings = hostSettings.parse(row.settings);
		const executor = make({ name, address: row.address ?? "", token, settings }, this.means);
		this.known.set(name, { access, executor });
		return executor;
	}

	private secret(host: string): string {
		const { ATELIER_SECRET: secret } = this.means.env;
		if (secret !== undefined) return secret;
		throw new AppError("UNAVAILABLE", `The worker has no ATELIER_SECRET, so it cannot read the token of host ${host}.`);
	}
}
