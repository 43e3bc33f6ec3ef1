import { AppError, type ParsedGeneration } from "@atelier/core";
import { z } from "zod";

const encoded = z.object({ vectors: z.array(z.array(z.number())).length(1) });
const generated = z.object({
	generations: z.array(z.object({ text: z.string(), logProbability: z.number() })).length(1),
});
const retrieved = z.object({
	lists: z.array(z.object({ idList: z.array(z.int()), titleList: z.array(z.int()) })).length(1),
});

/** The tensor steps of one request against a model server (docs/contracts.md, "Live serving"). */
export function modelClient({ port, token, signal }: { port: number; token: string; signal?: AbortSignal }) {
	async function post<T>(path: string, body: unknown, answer: z.ZodType<T>): Promise<T> {
		const response = await fetch(`http://127.0.0.1:${port}${path}`, {
			method: "POST",
			headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
			body: JSON.stringify(body),
			signal,
		}).catch((cause: unknown) => {
			throw new AppError("UNAVAILABLE", "The model server stopped answering. Ask again: the worker starts it anew.", {
				cause,
			});
		});
		const json: unknown = await response.json();
		if (!response.ok) {
			const { error } = z.object({ error: z.string() }).catch({ error: response.statusText }).parse(json);
			throw new AppError("UNAVAILABLE", `The model server refused ${path}: ${error}`);
		}
		return answer.parse(json);
	}
	const first = <T>([one]: T[]): T => {
		if (one === undefined) throw new AppError("INTERNAL", "The model server answered with an empty list.");
		return one;
	};
	return {
		/** Unit vector of a query, as long as the run's query encoder makes them. */
		encode: async (query: string) => first((await post("/encode", { queries: [query] }, encoded)).vectors),
		/** `candidates`: those that the prompt shows, where ids are their letters. */
		generate: async (prompt: string, candidates?: readonly number[]) => {
			const offered = candidates === undefined ? {} : { candidates: [candidates] };
			return first((await post("/generate", { prompts: [prompt], ...offered }, generated)).generations);
		},
		retrieve: async ({ itemId, title }: Pick<ParsedGeneration, "itemId" | "title">) =>
			first((await post("/retrieve", { requests: [{ itemId, title }] }, retrieved)).lists),
	};
}
export type ModelClient = ReturnType<typeof modelClient>;
