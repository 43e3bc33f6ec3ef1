import "server-only";
import { createAuth, readableFolders, type Services, storeSettings } from "@atelier/api";
import { createDatabase } from "@atelier/db";
import { openQueue } from "@atelier/jobs";
import { hubCache, readEnv } from "~/env";
import { version } from "~/package.json";

async function createServices(): Promise<Services> {
	const env = readEnv();
	const db = createDatabase(env.DATABASE_URL);
	return {
		db,
		queue: await openQueue(env.DATABASE_URL, "sender"),
		auth: createAuth({ db, url: env.ATELIER_URL, secret: env.ATELIER_SECRET }),
		suitesDir: env.ATELIER_SUITES,
		home: env.ATELIER_HOME,
		store: storeSettings(env.ATELIER_HOME, env),
		hubCache: hubCache(),
		readable: readableFolders({ named: env.ATELIER_FILES, home: env.ATELIER_HOME }),
		uploadLimitBytes: env.ATELIER_UPLOAD_GB * 1e9,
		cliToken: env.ATELIER_CLI_TOKEN,
		secret: env.ATELIER_SECRET,
		version,
	};
}

// On the global object, since a development server loads modules again and again and would open a pool each time.
declare global {
	var atelierServices: Promise<Services> | undefined;
}

/** Made on the first request and kept; a failure is not kept, so that the next request tries again. */
export function services(): Promise<Services> {
	globalThis.atelierServices ??= createServices().catch((error: unknown) => {
		globalThis.atelierServices = undefined;
		throw error;
	});
	return globalThis.atelierServices;
}
