import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a database that a test can cut and mend, as a server that is killed and started again looks from outside. */
export interface Way {
	/** The database's address by this way. */
	url: string;
	/** Ends every connection and refuses new ones. */
	cut(): Promise<void>;
	/** Lets connections through again, at the same address. */
	mend(): Promise<void>;
}

export async function wayTo(databaseUrl: string): Promise<Way> {
	const target = new URL(databaseUrl);
	const sockets = new Set<Socket>();
	let server: Server | null = null;
	let port = 0;
	const mend = () =>
		new Promise<void>((resolve) => {
			server = createServer((near) => {
				const far = connect(Number(target.port), target.hostname);
				for (const [socket, other] of [
					[near, far],
					[far, near],
				] as const) {
					sockets.add(socket);
					socket.pipe(other);
					socket.on("error", () => other.destroy());
					socket.on("close", () => {
						other.destroy();
						sockets.delete(socket);
					});
				}
			});
			server.listen(port, "127.0.0.1", () => {
				const address = server?.address();
				if (typeof address === "object" && address !== null) port = address.port;
				resolve();
			});
		});
	await mend();
	const url = new URL(databaseUrl);
	url.hostname = "127.0.0.1";
	url.port = String(port);
	return {
		url: url.href,
		mend,
		cut: () =>
			new Promise((resolve) => {
				server?.close(() => resolve());
				for (const socket of sockets) socket.destroy();
			}),
	};
}
