import { AppError } from "@atelier/core";
import { statusOf } from "./errors";

/** Deeper than any procedure's input; what takes inputs apart does so by calling itself. */
const MOST_LEVELS = 32;

/**
 * The request with a body that is no deeper than an input can be, or the answer that refuses it. Its length was judged
 * before (apps/web/server/judge-request.ts).
 */
export async function boundedRequest(request: Request): Promise<Request | Response> {
	const query = new URL(request.url).searchParams.get("input") ?? "";
	const body = request.method === "POST" ? await request.text() : undefined;
	if (Math.max(levelsOf(query), levelsOf(body ?? "")) > MOST_LEVELS) {
		const { code, message } = new AppError("BAD_REQUEST", `An input is nested at most ${MOST_LEVELS} levels deep.`);
		return Response.json({ code, message }, { status: statusOf(code) });
	}
	const { url, method, headers, signal } = request;
	return new Request(url, { method, headers, signal, ...(body !== undefined && { body }) });
}

/** How deep JSON is nested, without parsing it. */
export function levelsOf(json: string): number {
	let deepest = 0;
	let level = 0;
	let isText = false;
	for (let i = 0; i < json.length; i++) {
		const mark = json[i];
		if (isText) {
			if (mark === "\\") i += 1;
			else if (mark === '"') isText = false;
		} else if (mark === '"') isText = true;
		else if (mark === "{" || mark === "[") deepest = Math.max(deepest, ++level);
		else if (mark === "}" || mark === "]") level -= 1;
	}
	return deepest;
}
