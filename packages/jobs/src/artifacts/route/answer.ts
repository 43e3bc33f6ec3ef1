import type { ServerResponse } from "node:http";

/** A refusal: what was wrong, for the log of a host. */
export class Refused extends Error {
	constructor(
		readonly status: number,
		message: string,
		/** For the client's program, beside the sentence. */
		readonly facts: Record<string, unknown> = {},
	) {
		super(message);
	}
}

export function answerJson(response: ServerResponse, status: number, body: Record<string, unknown>): void {
	const text = JSON.stringify(body);
	response.writeHead(status, {
		"content-type": "application/json; charset=utf-8",
		"content-length": Buffer.byteLength(text),
	});
	response.end(text);
}
