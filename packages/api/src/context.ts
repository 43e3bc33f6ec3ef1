import type { ReadableFolders } from "@atelier/data";
import type { Database } from "@atelier/db";
import type { Queue } from "@atelier/jobs";
import type { Auth } from "./auth/auth";
import { type CurrentUser, currentUser } from "./auth/current-user";

/** What every procedure may use; made once per process. */
export interface Services {
	db: Database;
	queue: Queue;
	auth: Auth;
	/** Folder of the suite files (`suites/` of the checkout). */
	suitesDir: string;
	/** Absolute ATELIER_HOME. */
	home: string;
	/** Where files may be read that a request names. */
	readable: ReadableFolders;
	/** The command line's bearer token. */
	cliToken: string;
	version: string;
}

export interface Context extends Services {
	user: CurrentUser | null;
}

export async function createContext(services: Services, headers: Headers): Promise<Context> {
	return { ...services, user: await currentUser(services, headers) };
}
