import { explain } from "@atelier/core";
import { PgBoss } from "pg-boss";
import { JOB_NAMES, JOBS, type JobName, type JobPayload } from "./definitions";

/** pg-boss keeps its tables in a schema of its own. */
const SCHEMA = "pgboss";
/** A job of a killed worker is handed out again after heartbeat and monitor interval: within about 15 seconds. */
const HEARTBEAT_SECONDS = 10;
const MONITOR_SECONDS = 5;
/** The longest that pg-boss allows is a day. A stage that takes longer is handed out again, and its claim refused. */
const EXPIRE_SECONDS = 23 * 60 * 60;

export interface SendOptions {
	/** Higher goes first. */
	priority?: number;
}

export interface WorkOptions {
	/** Jobs of this name that this process works on at once. */
	concurrency: number;
	/** Jobs that are fetched together and worked on one after another; for short ones that come in numbers. */
	batch?: number;
}

export interface Queue {
	/** Enqueues a job unless one with the same key waits or runs. */
	send<Name extends JobName>(name: Name, payload: JobPayload<Name>, options?: SendOptions): Promise<void>;
	/** Hands jobs to `handler` until `stop`; one that throws is tried again twice. */
	work<Name extends JobName>(
		name: Name,
		options: WorkOptions,
		handler: (payload: JobPayload<Name>) => Promise<void>,
	): Promise<void>;
	/** Takes no more jobs, waits for the handlers that run, and closes the connections. */
	stop(): Promise<void>;
}

/**
 * Opens the queue, making its tables where they are missing. A `sender` enqueues only; a `worker` also supervises:
 * it returns jobs of dead workers to the queue.
 */
export async function openQueue(
	databaseUrl: string,
	role: "sender" | "worker",
	onError: (error: Error) => void = (error) => console.error(`queue: ${explain(error)}`),
): Promise<Queue> {
	const isWorker = role === "worker";
	const boss = new PgBoss({
		connectionString: databaseUrl,
		schema: SCHEMA,
		application_name: `atelier-queue-${role}`,
		max: isWorker ? 4 : 2,
		supervise: isWorker,
		schedule: false,
		useListenNotify: isWorker,
		superviseIntervalSeconds: MONITOR_SECONDS,
		monitorIntervalSeconds: MONITOR_SECONDS,
	});
	// Without a listener an error of a background connection would end the process.
	boss.on("error", onError);
	await boss.start({ attempts: 3 });
	for (const name of JOB_NAMES) {
		await boss.createQueue(name, {
			// At most one job of a key waits or runs.
			policy: "exclusive",
			notify: true,
			retryLimit: 2,
			retryDelay: 2,
			heartbeatSeconds: HEARTBEAT_SECONDS,
			expireInSeconds: EXPIRE_SECONDS,
			deleteAfterSeconds: 24 * 60 * 60,
		});
	}
	return {
		async send(name, payload, options = {}) {
			const { payload: schema, singletonKey } = JOBS[name];
			const checked = schema.parse(payload);
			await boss.send(name, checked, { singletonKey: singletonKey(checked), priority: options.priority ?? 0 });
		},
		async work(name, options, handler) {
			// A new job wakes an idle worker at once; a backlog of short ones is met at this pace.
			const polling = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5 };
			await boss.work<JobPayload<typeof name>>(
				name,
				{ ...polling, localConcurrency: options.concurrency, batchSize: options.batch ?? 1 },
				async (jobs) => {
					for (const job of jobs) await handler(job.data);
				},
			);
		},
		async stop() {
			await boss.stop({ graceful: true, close: true, timeout: 10_000 });
		},
	};
}
