import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AppError, type HostFacts, type HostSettings, messageOf } from "@atelier/core";
import { writeWhole } from "../../files/write-whole";
import {
	type EventBatch,
	type Execution,
	type ExecutionState,
	type Executor,
	HostUnreachable,
	type StageSubmission,
	type Submission,
	type Submitted,
} from "../executor";
import { type CheckedEnvironment, checkEnvironment } from "./environment-check";
import { RemoteInbox } from "./inbox/remote-inbox";
import { RayAway, RayClient } from "./ray-client";
import { factsOf } from "./ray-facts";
import { type Evidence, hasEnded, judge, SILENT_MS } from "./ray-job-state";
import { refuseOpenCluster } from "./refuse-open-cluster";
import { RemoteFolder } from "./remote-folder";
import { type Addresses, remoteSpecOf, specAddress } from "./remote-spec";
import { entrypoint, runtimeEnv } from "./runtime-env";
import { Silence } from "./silence";
import { bringPackage, packTrainer, type TrainerPackage } from "./trainer-package";

const PAUSE_MS = 500;
/** While a heart beats, Ray is not asked; once it has missed some beats, this often. */
const QUIET_MS = 12_000;
const ASK_EVERY_MS = 3_000;
/** What a stage takes to hear that nobody wants it, where its cluster cannot tell it: a heartbeat, and its end. */
const FENCED_WITHIN_MS = 10_000;
/** A job that Ray still calls running this long after a stop is one that it does not look after any more. */
const STOPPED_WITHIN_MS = 60_000;

export interface RayHost {
	name: string;
	address: string;
	token: string | null;
	settings: HostSettings;
}

/**
 * Runs stages as jobs of a Ray cluster that shares no disk with us. Ray starts them and may stop them; what they are is
 * known by what they tell themselves through the artifact route (docs/decisions/0022-remote-stages.md).
 */
export class RayExecutor implements Executor {
	readonly host: string;
	private readonly client: RayClient;
	private readonly silence = new Silence();
	/** What Ray last said of a job, and when. */
	private readonly said = new Map<string, { atMs: number; ray: Evidence["ray"] }>();
	private readonly away = new Map<string, Date>();
	/** By attempt, where the store is a bucket. */
	private readonly inboxes = new Map<string, RemoteInbox>();
	private packed: Promise<TrainerPackage> | null = null;
	/** By cluster and package: the check of the environment that stages find there. */
	private readonly checks = new Map<string, Promise<CheckedEnvironment>>();

	constructor(
		private readonly ray: RayHost,
		private readonly addresses: Addresses,
		private readonly trainerPath: string,
		private readonly silentLimitMs: number = SILENT_MS,
	) {
		this.host = ray.name;
		this.client = new RayClient(ray.address, ray.token);
	}

	async submit(submission: Submission): Promise<string> {
		if (submission.command === "serve") {
			throw new AppError("UNAVAILABLE", "Live model servers run on the worker's own machine, not on a Ray host.");
		}
		const known = await this.find(submission);
		return known ?? this.answered(() => this.submitNew(submission));
	}

	private async submitNew(submission: StageSubmission): Promise<string> {
		const { id, needs, spec } = submission;
		await refuseOpenCluster(this.client, this.ray.address);
		const { session } = await this.client.version();
		const trainer = await this.trainer();
		// Each time: a cluster that was restarted has lost it.
		await bringPackage(this.client, trainer);
		await this.checked(trainer, session, needs.gpus);
		await mkdir(submission.folder, { recursive: true });
		const folder = new RemoteFolder(submission.folder);
		await writeWhole(join(submission.folder, "spec.json"), `${JSON.stringify(spec, null, 1)}\n`);
		const orders = (await this.inboxOf(submission)?.open()) ?? null;
		const remote = await remoteSpecOf(this.addresses, submission, orders);
		const url = await specAddress(this.addresses, id, spec.output, await folder.writeSpec(remote), remote);
		const handle = `${id}@${session ?? ""}`;
		await this.client
			.submit({
				submissionId: id,
				entrypoint: entrypoint(this.ray.settings, "atelier_trainer.remote", url),
				runtimeEnv: await runtimeEnv(this.ray.settings, trainer, this.trainerPath),
				metadata: { atelier: "stage", kind: spec.kind, stage: spec.key },
				cpus: needs.pool === "cpu" ? 1 : 0,
				gpus: needs.gpus,
				...(needs.pool === "cpu" && needs.memoryGb !== null && { memoryBytes: Math.ceil(needs.memoryGb * 1e9) }),
			})
			.catch((error: unknown) => {
				// The answer to an earlier try was lost.
				if (!(error instanceof AppError) || error.code !== "CONFLICT") throw error;
			});
		await folder.writeHandle(handle);
		return handle;
	}

	async find(submitted: Submitted): Promise<string | null> {
		const { id, folder: path } = submitted;
		await this.bring(submitted);
		const folder = new RemoteFolder(path);
		const handle = await folder.handle();
		if (handle !== null) return handle;
		if (await folder.isClaimed()) return `${id}@`;
		return this.answered(async () => ((await this.client.job(id)) === null ? null : `${id}@`));
	}

	async state(execution: Execution): Promise<ExecutionState> {
		const { id, folder: path, handle } = execution;
		const folder = new RemoteFolder(path);
		const isHeard = await this.bring(execution).then(
			() => true,
			() => false,
		);
		if (!isHeard) {
			const since = this.away.get(id) ?? new Date();
			this.away.set(id, since);
			return { is: "unreachable", since };
		}
		const [hasReceipt, end, beat] = await Promise.all([folder.hasReceipt(), folder.end(), folder.heartbeat()]);
		const silentMs = this.silence.of(id, beat === null ? null : `${beat.run}/${beat.beat}`);
		const speaks = hasReceipt || end !== null || (beat !== null && silentMs < QUIET_MS);
		const ray = speaks ? { status: "RUNNING" as const } : await this.ask(id, handle);
		const hasBegun = beat !== null || (await folder.isClaimed());
		const state = judge({ hasReceipt, end, hasBegun, silentMs, ray }, this.silentLimitMs);
		if (state.is === "unreachable") {
			const since = this.away.get(id) ?? new Date(Date.now() - silentMs);
			this.away.set(id, since);
			return { is: "unreachable", since };
		}
		this.away.delete(id);
		if (state.is === "failed") return this.noteFailure(id, folder, state);
		return state.is === "ended" ? state : { is: state.is };
	}

	/** What could not be started has said nothing; the reason becomes its event, and it has ended from then on. */
	private async noteFailure(
		id: string,
		folder: RemoteFolder,
		{ exitCode, message }: { exitCode: number | null; message: string },
	): Promise<ExecutionState> {
		const log = await this.client.logs(id).catch(() => "");
		const last = log.trim().split("\n").at(-1)?.slice(0, 500);
		const end = { exitCode: exitCode ?? 1, signal: null };
		await folder.writeEnd(end, `Host ${this.host} could not start it: ${last || message || "Ray does not say why"}`);
		return { is: "ended", ...end };
	}

	async events(submitted: Submitted, offset: number): Promise<EventBatch> {
		// A store that is away has no news; its state says so.
		await this.bring(submitted).catch(() => undefined);
		return new RemoteFolder(submitted.folder).events(offset);
	}

	/**
	 * Asks Ray to end the job, and waits for it. One that Ray cannot end, or does not know any more, ends by itself with its
	 * next heartbeat, since its attempt is not wanted any more by the time that this is called.
	 */
	async stop(execution: Execution): Promise<void> {
		const { id, folder } = execution;
		await this.answered(() => this.inboxOf(execution)?.close() ?? Promise.resolve());
		await this.answered(() => this.client.stop(id));
		const asked = performance.now();
		for (;;) {
			const job = await this.answered(() => this.client.job(id));
			if (job !== null && hasEnded(job)) break;
			const isHeard = performance.now() - asked > (job === null ? FENCED_WITHIN_MS : STOPPED_WITHIN_MS);
			if (isHeard || (job === null && !(await new RemoteFolder(folder).isClaimed()))) break;
			await delay(PAUSE_MS);
		}
		// Whatever ends a job, what it had started is ended right after it (packages/trainer, remote/guard.py).
		await delay(PAUSE_MS);
		this.silence.forget(id);
		this.said.delete(id);
		this.away.delete(id);
		this.inboxes.delete(id);
	}

	/** Outputs were brought into the folder as they came, each checked; what is left is to make it look like a local one. */
	async collect(submitted: Submitted): Promise<void> {
		await this.bring(submitted, true);
		await new RemoteFolder(submitted.folder).close();
		await this.inboxOf(submitted)?.close();
		this.inboxes.delete(submitted.id);
	}

	private inboxOf({ id, folder }: Submitted): RemoteInbox | null {
		const inbox = this.addresses.store.inbox(id);
		if (inbox === null) return null;
		const known = this.inboxes.get(id) ?? new RemoteInbox(inbox, folder);
		this.inboxes.set(id, known);
		return known;
	}

	/** @throws AppError UNAVAILABLE while the store is away */
	private async bring(submitted: Submitted, isNow = false): Promise<void> {
		await this.inboxOf(submitted)?.bring({ isNow });
	}

	async pause(_: Execution, signal: AbortSignal): Promise<void> {
		await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
	}

	async probe(): Promise<HostFacts> {
		await refuseOpenCluster(this.client, this.ray.address);
		const { rayVersion, session } = await this.client.version();
		const trainer = await this.trainer();
		const checked = await this.checks.get(`${session} ${trainer.name}`)?.catch(() => undefined);
		return factsOf(rayVersion, await this.client.nodes(), checked);
	}

	private trainer(): Promise<TrainerPackage> {
		this.packed ??= packTrainer(this.trainerPath);
		return this.packed;
	}

	/** Before the first stage on a cluster, and again where either is another. */
	private async checked(trainer: TrainerPackage, session: string | null, gpus: number): Promise<void> {
		const key = `${session} ${trainer.name}`;
		const { settings } = this.ray;
		const about = { settings, trainer, trainerPath: this.trainerPath, session: session ?? "", gpus };
		const check = this.checks.get(key) ?? checkEnvironment(this.client, about);
		this.checks.set(key, check);
		await check.catch((error: unknown) => {
			this.checks.delete(key);
			throw error;
		});
	}

	private async ask(id: string, handle: string): Promise<Evidence["ray"]> {
		const known = this.said.get(id);
		if (known !== undefined && performance.now() - known.atMs < ASK_EVERY_MS) return known.ray;
		const ray = await this.askNow(id, handle.split("@")[1] ?? "");
		this.said.set(id, { atMs: performance.now(), ray });
		return ray;
	}

	private async askNow(id: string, submittedTo: string): Promise<Evidence["ray"]> {
		try {
			const job = await this.client.job(id);
			if (job === null) return "unknown";
			if (hasEnded(job) || submittedTo === "") return job;
			// A head that was restarted may go on saying that its predecessor's jobs run (ray 65037).
			const { session } = await this.client.version();
			return session === null || session === submittedTo ? job : "lost";
		} catch {
			return "away";
		}
	}

	private async answered<Result>(work: () => Promise<Result>): Promise<Result> {
		try {
			return await work();
		} catch (error) {
			if (error instanceof RayAway) throw new HostUnreachable(this.host, messageOf(error), { cause: error });
			throw error;
		}
	}
}
