import { once } from "node:events";
import { createServer } from "node:http";

/**
 * Answers what a probe asks of a Ray cluster with two GPUs, on loopback. A fake: no cluster with GPUs can be had where
 * tests run, and the pages only show what a probe found. A real head is what the executors' tests run on.
 */
export async function fakeCluster(): Promise<{ address: string; close(): Promise<void> }> {
	const node = { node_id: "a", state: "ALIVE", is_head_node: true, resources_total: { CPU: 8, GPU: 2, memory: 64e9 } };
	const answers: Record<string, unknown> = {
		"/api/version": { ray_version: "2.60.0", session_name: "session_fake" },
		"/api/v0/nodes": { data: { result: { result: [node] } } },
	};
	const server = createServer((request, response) => {
		const answer = answers[(request.url ?? "").split("?")[0] ?? ""];
		response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
		response.end(JSON.stringify(answer ?? {}));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("The fake cluster has no port.");
	return {
		address: `http://127.0.0.1:${address.port}`,
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}
