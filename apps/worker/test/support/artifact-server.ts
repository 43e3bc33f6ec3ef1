import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Database } from "@atelier/db";
import { AddressSigner, artifactRoute } from "@atelier/jobs";
import type { Store } from "@atelier/store";

export const TEST_SECRET = "a secret of a test's installation, long enough";

/** The console's artifact route by itself, on loopback; the console in front of it is tried in apps/web. */
export async function startArtifactServer(db: Database, store: Store) {
	const signer = new AddressSigner(TEST_SECRET);
	const asked: { method: string; path: string }[] = [];
	let isAway = false;
	const server = createServer();
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	const url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
	const route = artifactRoute({ db, store, signer });
	server.on("request", (request: IncomingMessage, response) => {
		if (isAway) return request.socket.destroy();
		asked.push({ method: request.method ?? "", path: (request.url ?? "").split("?")[0] ?? "" });
		return route(request, response).catch(() => response.destroy());
	});
	return {
		url,
		signer,
		asked,
		/** Breaks every connection while it is. */
		away(is: boolean) {
			isAway = is;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
export type ArtifactServer = Awaited<ReturnType<typeof startArtifactServer>>;
