import { AppError, messageOf } from "@atelier/core";
import { z } from "zod";
import { type Answer, sendRequest } from "./send-request";

/** A cluster that answers slowly is no reason to hold up anything: who asks, asks again later. */
const ANSWER_WITHIN_MS = 10_000;
/** A package is uploaded whole. */
const UPLOAD_WITHIN_MS = 120_000;

const version = z.object({ ray_version: z.string(), session_name: z.string().optional() });
const job = z.object({
	status: z.enum(["PENDING", "RUNNING", "STOPPED", "SUCCEEDED", "FAILED"]),
	message: z.string().nullish(),
	driver_exit_code: z.int().nullish(),
});
export type RayJob = z.infer<typeof job>;

const nodes = z.object({
	data: z.object({
		result: z.object({
			result: z.array(
				z.object({
					node_id: z.string(),
					state: z.string(),
					is_head_node: z.boolean().optional(),
					resources_total: z.record(z.string(), z.unknown()).nullish(),
				}),
			),
		}),
	}),
});
export type RayNode = z.infer<typeof nodes>["data"]["result"]["result"][number];

export interface RayJobRequest {
	submissionId: string;
	entrypoint: string;
	runtimeEnv: Record<string, unknown>;
	metadata: Record<string, string>;
	cpus?: number;
	gpus?: number;
	memoryBytes?: number;
}

/** Raised where a cluster does not answer, or not in time, or with an error of its own: it says nothing of any job. */
export class RayAway extends AppError {
	constructor(message: string, options?: ErrorOptions) {
		super("UNAVAILABLE", message, options);
	}
}

/** Ray's Jobs REST API. Every call is one request: whether to try again is for the caller, who knows what it would double. */
export class RayClient {
	private readonly base: string;

	/** @param address of the dashboard, `http://host:8265` */
	constructor(
		address: string,
		private readonly token: string | null,
	) {
		this.base = address.replace(/\/+$/, "");
	}

	/** The same cluster, asked by somebody who has no token. */
	withoutToken(): RayClient {
		return new RayClient(this.base, null);
	}

	async version(): Promise<{ rayVersion: string; session: string | null }> {
		const found = await this.ask("GET", "/api/version", version);
		return { rayVersion: found.ray_version, session: found.session_name ?? null };
	}

	async nodes(): Promise<RayNode[]> {
		return (await this.ask("GET", "/api/v0/nodes?detail=true&limit=1000", nodes)).data.result.result;
	}

	/** The status that the cluster answers with, whatever it is. */
	async statusOf(path: string): Promise<number> {
		return (await this.send("GET", path)).status;
	}

	/** @throws AppError CONFLICT for an id that is there already */
	async submit(request: RayJobRequest): Promise<void> {
		const { submissionId, entrypoint, runtimeEnv, metadata, cpus, gpus, memoryBytes } = request;
		const answer = await this.send("POST", "/api/jobs/", {
			json: {
				submission_id: submissionId,
				entrypoint,
				runtime_env: runtimeEnv,
				metadata,
				...(cpus !== undefined && { entrypoint_num_cpus: cpus }),
				...(gpus !== undefined && { entrypoint_num_gpus: gpus }),
				...(memoryBytes !== undefined && { entrypoint_memory: memoryBytes }),
			},
		});
		if (isOk(answer)) return;
		// Ray answers 500 with a traceback.
		if (answer.body.includes("already exists")) {
			throw new AppError("CONFLICT", `Job ${submissionId} is there already.`);
		}
		throw this.refusal(answer, "submit a job");
	}

	/** @returns null where the cluster knows no such job; what that is worth is another question */
	async job(submissionId: string): Promise<RayJob | null> {
		const answer = await this.send("GET", `/api/jobs/${submissionId}`);
		if (answer.status === 404) return null;
		return this.read(answer, job, "look at a job");
	}

	/** Asks a job to end; one that has ended, or is not known, is no error. */
	async stop(submissionId: string): Promise<void> {
		const answer = await this.send("POST", `/api/jobs/${submissionId}/stop`);
		if (!isOk(answer) && answer.status !== 404) throw this.refusal(answer, "stop a job");
	}

	/** All that a job has printed. Ray knows no part of it, so this is for the end of a job that told nothing itself. */
	async logs(submissionId: string): Promise<string> {
		const answer = await this.send("GET", `/api/jobs/${submissionId}/logs`);
		if (answer.status === 404) return "";
		return this.read(answer, z.object({ logs: z.string() }), "read a log").logs;
	}

	async hasPackage(name: string): Promise<boolean> {
		const answer = await this.send("GET", `/api/packages/gcs/${name}`);
		if (answer.status === 404) return false;
		if (!isOk(answer)) throw this.refusal(answer, "look for a package");
		return true;
	}

	async putPackage(name: string, bytes: Uint8Array): Promise<void> {
		const answer = await this.send("PUT", `/api/packages/gcs/${name}`, { bytes });
		if (!isOk(answer)) throw this.refusal(answer, "upload the trainer");
	}

	private async ask<Result>(method: string, path: string, schema: z.ZodType<Result>): Promise<Result> {
		return this.read(await this.send(method, path), schema, `${method} ${path.split("?")[0]}`);
	}

	private read<Result>(answer: Answer, schema: z.ZodType<Result>, what: string): Result {
		if (!isOk(answer)) throw this.refusal(answer, what);
		try {
			return schema.parse(JSON.parse(answer.body));
		} catch (error) {
			throw new RayAway(`${this.base} answers what Ray 2.60 does not (${what}): ${messageOf(error)}`);
		}
	}

	private async send(method: string, path: string, body: { json?: unknown; bytes?: Uint8Array } = {}): Promise<Answer> {
		const headers: Record<string, string> = {};
		if (this.token !== null) headers.authorization = `Bearer ${this.token}`;
		if (body.json !== undefined) headers["content-type"] = "application/json";
		const sent = body.json === undefined ? body.bytes : JSON.stringify(body.json);
		const withinMs = body.bytes === undefined ? ANSWER_WITHIN_MS : UPLOAD_WITHIN_MS;
		try {
			return await sendRequest(`${this.base}${path}`, {
				method,
				headers,
				withinMs,
				...(sent !== undefined && { body: sent }),
			});
		} catch (error) {
			throw new RayAway(`The cluster at ${this.base} does not answer: ${messageOf(error)}`, { cause: error });
		}
	}

	private refusal({ status, body }: Answer, what: string): AppError {
		if (status === 401) return new AppError("UNAUTHORIZED", `The cluster at ${this.base} wants a token.`);
		if (status === 403) return new AppError("UNAUTHORIZED", `The cluster at ${this.base} refuses our token.`);
		const words = body.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
		const message = `The cluster at ${this.base} answered ${status} to ${what}${words ? `: ${words}` : ""}.`;
		return status >= 500 ? new RayAway(message) : new AppError("BAD_REQUEST", message);
	}
}

const isOk = ({ status }: Answer) => status >= 200 && status < 300;
