import { AppError, messageOf } from "@atelier/core";
import { z } from "zod";

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
		const response = await this.send("POST", "/api/jobs/", {
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
		if (response.ok) return;
		const said = await textOf(response);
		// Ray answers 500 with a traceback.
		if (said.includes("already exists")) throw new AppError("CONFLICT", `Job ${submissionId} is there already.`);
		throw this.refusal(response.status, said, "submit a job");
	}

	/** @returns null where the cluster knows no such job; what that is worth is another question */
	async job(submissionId: string): Promise<RayJob | null> {
		const response = await this.send("GET", `/api/jobs/${submissionId}`);
		if (response.status === 404) return null;
		return this.read(response, job, "look at a job");
	}

	/** Asks a job to end; one that has ended, or is not known, is no error. */
	async stop(submissionId: string): Promise<void> {
		const response = await this.send("POST", `/api/jobs/${submissionId}/stop`);
		if (!response.ok && response.status !== 404) {
			throw this.refusal(response.status, await textOf(response), "stop a job");
		}
	}

	/** All that a job has printed. Ray knows no part of it, so this is for the end of a job that told nothing itself. */
	async logs(submissionId: string): Promise<string> {
		const response = await this.send("GET", `/api/jobs/${submissionId}/logs`);
		if (response.status === 404) return "";
		return (await this.read(response, z.object({ logs: z.string() }), "read a log")).logs;
	}

	async hasPackage(name: string): Promise<boolean> {
		const response = await this.send("GET", `/api/packages/gcs/${name}`);
		await response.body?.cancel();
		if (response.status === 404) return false;
		if (!response.ok) throw this.refusal(response.status, "", "look for a package");
		return true;
	}

	async putPackage(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		const response = await this.send("PUT", `/api/packages/gcs/${name}`, { bytes });
		if (!response.ok) throw this.refusal(response.status, await textOf(response), "upload the trainer");
	}

	private async ask<Result>(method: string, path: string, schema: z.ZodType<Result>): Promise<Result> {
		return this.read(await this.send(method, path), schema, `${method} ${path.split("?")[0]}`);
	}

	private async read<Result>(response: Response, schema: z.ZodType<Result>, what: string): Promise<Result> {
		const said = await textOf(response);
		if (!response.ok) throw this.refusal(response.status, said, what);
		try {
			return schema.parse(JSON.parse(said));
		} catch (error) {
			throw new RayAway(`${this.base} answers what Ray 2.60 does not (${what}): ${messageOf(error)}`);
		}
	}

	private async send(
		method: string,
		path: string,
		body: { json?: unknown; bytes?: Uint8Array<ArrayBuffer> } = {},
	): Promise<Response> {
		const within = body.bytes === undefined ? ANSWER_WITHIN_MS : UPLOAD_WITHIN_MS;
		try {
			return await fetch(`${this.base}${path}`, {
				method,
				headers: {
					...(this.token !== null && { authorization: `Bearer ${this.token}` }),
					...(body.json !== undefined && { "content-type": "application/json" }),
				},
				body: body.json === undefined ? (body.bytes ?? null) : JSON.stringify(body.json),
				// A redirect would take the token elsewhere.
				redirect: "error",
				signal: AbortSignal.timeout(within),
			});
		} catch (error) {
			const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
			throw new RayAway(`The cluster at ${this.base} does not answer: ${messageOf(cause)}`, { cause: error });
		}
	}

	private refusal(status: number, said: string, what: string): AppError {
		if (status === 401) return new AppError("UNAUTHORIZED", `The cluster at ${this.base} wants a token.`);
		if (status === 403) return new AppError("UNAUTHORIZED", `The cluster at ${this.base} refuses our token.`);
		const words = said.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
		const message = `The cluster at ${this.base} answered ${status} to ${what}${words ? `: ${words}` : ""}.`;
		return status >= 500 ? new RayAway(message) : new AppError("BAD_REQUEST", message);
	}
}

async function textOf(response: Response): Promise<string> {
	try {
		return await response.text();
	} catch (error) {
		throw new RayAway(`The cluster's answer broke off: ${messageOf(error)}`, { cause: error });
	}
}
