import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { buffer } from "node:stream/consumers";

export interface Answer {
	status: number;
	body: string;
}

/**
 * One request and its whole answer. Not `fetch`: Node's sends `Sec-Fetch-Mode`, by which Ray takes it for a browser and
 * refuses whatever changes something.
 *
 * @throws Error of the connection, also where the answer does not come, whole, in time
 */
export async function sendRequest(
	url: string,
	options: { method: string; headers: Record<string, string>; body?: string | Uint8Array; withinMs: number },
): Promise<Answer> {
	const { method, headers, body, withinMs } = options;
	const signal = AbortSignal.timeout(withinMs);
	return new Promise((resolve, reject) => {
		const send = url.startsWith("https:") ? overHttps : overHttp;
		const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
		// A connection of its own: one that is kept may be dead by the next time.
		const sent = send(url, { method, headers: { ...headers, ...length }, signal, agent: false }, (response) => {
			buffer(response).then(
				(bytes) => resolve({ status: response.statusCode ?? 0, body: bytes.toString("utf8") }),
				reject,
			);
		});
		sent.on("error", (error) => reject(signal.aborted ? new Error(`no answer within ${withinMs} ms`) : error));
		sent.end(body);
	});
}
