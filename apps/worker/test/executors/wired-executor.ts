import { existsSync } from "node:fs";
import { join } from "node:path";
import type { HostFacts, HostGpu } from "@atelier/core";
import type {
	EventBatch,
	Execution,
	ExecutionState,
	Executor,
	Submission,
	Submitted,
} from "../../src/executors/executor";
import { HostUnreachable } from "../../src/executors/executor";
import type { ExecutorFactory } from "../../src/executors/executors";
import { LocalExecutor } from "../../src/executors/local-executor";

/** A file under ATELIER_HOME with this name cuts the wire to the host of the same name. */
export const cutFile = (home: string, host: string) => join(home, `cut-${host}`);

const GPU: HostGpu = { name: "test", memoryBytes: 16e9, usedBytes: null, utilisation: null };

/**
 * Processes of this machine behind a wire that can be cut: a host that does not answer while what runs on it goes on. A
 * cluster that does so is tried in the conformance suite; it takes half a minute to start, and has the GPUs that it has.
 */
class WiredExecutor implements Executor {
	private readonly inner: LocalExecutor;
	private since: Date | null = null;

	constructor(
		readonly host: string,
		private readonly file: string,
		private readonly gpus: number,
		...means: ConstructorParameters<typeof LocalExecutor>
	) {
		this.inner = new LocalExecutor(...means);
	}

	private wire(): LocalExecutor {
		if (!existsSync(this.file)) return this.inner;
		throw new HostUnreachable(this.host, "the wire is cut");
	}

	async submit(submission: Submission): Promise<string> {
		return this.wire().submit(submission);
	}
	async find(submitted: Submitted): Promise<string | null> {
		return this.wire().find(submitted);
	}
	async state(execution: Execution): Promise<ExecutionState> {
		if (existsSync(this.file)) {
			this.since ??= new Date();
			return { is: "unreachable", since: this.since };
		}
		this.since = null;
		return this.inner.state(execution);
	}
	async events(execution: Submitted, offset: number): Promise<EventBatch> {
		return this.wire().events(execution, offset);
	}
	async stop(execution: Execution): Promise<void> {
		return this.wire().stop(execution);
	}
	async collect(): Promise<void> {
		return this.wire().collect();
	}
	pause(execution: Execution, signal: AbortSignal): Promise<void> {
		return this.inner.pause(execution, signal);
	}
	async probe(): Promise<HostFacts> {
		this.wire();
		return { gpus: Array.from({ length: this.gpus }, () => GPU), cpus: 1, memoryBytes: 16e9, nodes: 1, versions: {} };
	}
}

/** Hosts of kind `ray`, whose address says how many GPUs they have, as `http://127.0.0.1:9/?gpus=2`. */
export const wired: ExecutorFactory = ({ name, address }, { env, store }) => {
	const gpus = Number(new URL(address).searchParams.get("gpus") ?? 0);
	return new WiredExecutor(name, cutFile(env.ATELIER_HOME, name), gpus, env, store);
};
