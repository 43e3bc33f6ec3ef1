import "server-only";
import { createContext, foreseen, RecordAway } from "@atelier/api";
import { explain } from "@atelier/core";
import { headers } from "next/headers";
import { cache } from "react";
import { services } from "./services";

/** Who makes the current request, or null; `unknown` while the record is away. Asked once a request. */
export const signedInUser = cache(async () => {
	// First, since it tells the build that the page belongs to a request and cannot be made ahead.
	const requestHeaders = await headers();
	try {
		return (await createContext(await services(), requestHeaders)).user;
	} catch (error) {
		const known = foreseen(error instanceof Error ? (error.cause ?? error) : error);
		if (!(known instanceof RecordAway)) throw error;
		console.error(`page: ${explain(known)}`);
		return "unknown";
	}
});
