import type { Workplace } from "../support/workplace";

/** An attempt as the record has it. */
export interface SeenAttempt {
	id: string;
	path: string;
	handle: string | null;
}

/** A host that the conformance suite runs on, once it is up and registered. */
export interface StartedHost {
	/** Its name in the record, which launches name. */
	host: string;
	/** What workers are told besides. */
	variables: Record<string, string>;
	/** Ends what runs of an attempt with SIGKILL, and tells nobody. */
	kill(attempt: SeenAttempt): Promise<void>;
	/** Whether any process of an attempt runs there. */
	isRunning(attempt: SeenAttempt): Promise<boolean>;
	/** Makes it stop answering, without ending anything there, until what it returns is called; null for `local`. */
	sever: (() => Promise<() => Promise<void>>) | null;
	stop(): Promise<void>;
}

/** A kind of host. One kind more is one file more that calls `describeExecutor`. */
export interface TestHost {
	name: string;
	/** Why it cannot be had on this machine; null where it can. */
	missing: string | null;
	start(place: Workplace): Promise<StartedHost>;
}
