import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "@atelier/core";
import { createDatabase } from "@atelier/db";
import { AddressSigner, artifactRoute } from "@atelier/jobs";
import { openStore, storeSettings } from "@atelier/store";
import type next from "next";
import { readServerEnv } from "../env";
import { createDoor } from "./door";

/** The built console, behind the door that every request comes through; `npm start` runs this. */
async function main(): Promise<void> {
	const env = readServerEnv();
	// Next is CommonJS, and its default export is seen differently by TypeScript and by Node.
	const create: typeof next = createRequire(import.meta.url)("next");
	const app = create({
		dev: false,
		dir: dirname(dirname(fileURLToPath(import.meta.url))),
		hostname: "127.0.0.1",
		port: env.ATELIER_PORT,
	});
	await app.prepare();
	const artifacts = artifactRoute({
		db: createDatabase(env.DATABASE_URL, { connections: 3 }),
		store: openStore(storeSettings(env.ATELIER_HOME, env)),
		signer: new AddressSigner(env.ATELIER_SECRET),
	});
	const own = { port: env.ATELIER_PORT, url: env.ATELIER_URL, proxies: new Set(env.ATELIER_TRUSTED_PROXY) };
	const server = createDoor(own, app.getRequestHandler(), artifacts);
	server.listen(env.ATELIER_PORT, env.ATELIER_LISTEN);
	await once(server, "listening");
	console.log(`The console answers at ${env.ATELIER_URL}.`);
	const stop = () => {
		// Subscriptions never end by themselves.
		server.closeAllConnections();
		server.close(() => process.exit(0));
	};
	process.once("SIGTERM", stop);
	process.once("SIGINT", stop);
}

main().catch((error: unknown) => {
	console.error(messageOf(error));
	process.exit(1);
});
