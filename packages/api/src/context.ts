import { type ReadableFolders, UploadStore } from "@atelier/data";
import type { Database } from "@atelier/db";
import type { Queue } from "@atelier/jobs";
import type { StoreSettings } from "@atelier/store";
import type { Auth } from "./auth/auth";
import { type CurrentUser, currentUser } from "./auth/current-user";
import { foreseen, RecordAway, toTrpcError } from "./errors";

/** What every procedure may use; made once per process. */
export interface Services {
	db: Database;
	queue: Queue;
	auth: Auth;
	/** Folder of the suite files (`suites/` of the checkout). */
	suitesDir: string;
	/** Absolute ATELIER_HOME. */
	home: string;
	/** Where artifacts lie; `storeOf` opens it. */
	store: StoreSettings;
	/** Where files may be read that a request names. */
	readable: ReadableFolders;
	/** The Hugging Face cache, in which hub models' commits are looked up. */
	hubCache: string;
	/** What all files of one upload may hold together. */
	uploadLimitBytes: number;
	/** The command line's bearer token. */
	cliToken: string;
	/** The installation's secret, which tokens of hosts are sealed with. */
	secret: string;
	version: string;
}

export interface Context extends Services {
	/** What people hand over. */
	uploads: UploadStore;
	user: CurrentUser | null;
}

/** @throws TRPCError SERVICE_UNAVAILABLE while the record is away */
export async function createContext(services: Services, headers: Headers): Promise<Context> {
	return { ...services, uploads: uploadsOf(services), user: await whoAsks(services, headers) };
}

/**
 * Made for each request and not kept with the services: Next gives each route code of its own, and an error is known by
 * its class.
 */
export const uploadsOf = ({ home, uploadLimitBytes }: Pick<Services, "home" | "uploadLimitBytes">) =>
	new UploadStore(home, uploadLimitBytes);

/** The session library does not say why it could not read a session, so the record itself is asked. */
async function whoAsks(services: Services, headers: Headers): Promise<CurrentUser | null> {
	try {
		return await currentUser(services, headers);
	} catch {
		await checkRecord(services.db);
		return currentUser(services, headers);
	}
}

/** @throws TRPCError SERVICE_UNAVAILABLE while the record is away */
export async function checkRecord(db: Database): Promise<void> {
	try {
		await db.$queryRaw`SELECT 1`;
	} catch (error) {
		throw toTrpcError(foreseen(error) ?? new RecordAway(error));
	}
}
