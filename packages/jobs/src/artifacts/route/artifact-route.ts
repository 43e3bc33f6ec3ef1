import type { IncomingMessage, ServerResponse } from "node:http";
import { remoteFile } from "@atelier/core";
import type { Database } from "@atelier/db";
import type { Store } from "@atelier/store";
import { ADDRESS_SECONDS, type AddressSigner } from "../signed-address";
import { answerJson, Refused } from "./answer";
import { runningAttempt } from "./attempt-folder";
import { sendFile } from "./send-file";
import { readPiece, takePiece } from "./take-file";

/** Answers one request. */
export type ArtifactHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface ArtifactRouteConfig {
	db: Database;
	store: Store;
	signer: AddressSigner;
}

/**
 * Inputs and outputs of stages on other machines, under signed addresses. Reads what the address names; writes into the
 * folder of the attempt that it was signed for, and no longer than that attempt is running.
 */
export function artifactRoute({ db, store, signer }: ArtifactRouteConfig): ArtifactHandler {
	/** Pieces of one file are taken one after another: one whose client gave up waiting may still be under way. */
	const busy = new Map<string, Promise<unknown>>();

	async function inTurn<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
		const before = busy.get(name);
		const mine = (async () => {
			await before?.catch(() => undefined);
			return work();
		})();
		busy.set(name, mine);
		try {
			return await mine;
		} finally {
			if (busy.get(name) === mine) busy.delete(name);
		}
	}

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const grant = signer.read(request.url ?? "");
		if (typeof grant === "string") throw new Refused(403, grant);
		const isReading = request.method === "GET" || request.method === "HEAD";
		if (isReading !== (grant.way === "get") || (!isReading && request.method !== "PUT")) {
			throw new Refused(403, `This address was not signed for ${request.method}.`);
		}
		const attempt = await runningAttempt(db, store, grant.attempt);
		if (grant.way === "get") return sendFile(store, grant, request, response);
		const piece = await readPiece(request, grant.name);
		const isRunning = () => runningAttempt(db, store, grant.attempt);
		const isWhole = await inTurn(`${grant.attempt}/${grant.name}`, () => takePiece(attempt, piece, isRunning));
		const isBeat = grant.name === remoteFile.heartbeat;
		const renewed = isBeat ? { url: signer.put(grant.attempt, ADDRESS_SECONDS) } : {};
		answerJson(response, isWhole ? 200 : 202, { isWhole, ...renewed });
	}

	return async (request, response) => {
		try {
			await answer(request, response);
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			// What is left of a body is not waited for.
			if (!request.complete) response.setHeader("connection", "close");
			answerJson(response, error.status, { error: error.message, ...error.facts });
		}
	};
}
