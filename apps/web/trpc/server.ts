import "server-only";
import { createContext } from "@atelier/api";
import { headers } from "next/headers";
import { cache } from "react";
import { services } from "./services";

/** Who makes the current request, or null; asked once a request. */
export const signedInUser = cache(async () => {
	// First, since it tells the build that the page belongs to a request and cannot be made ahead.
	const requestHeaders = await headers();
	return (await createContext(await services(), requestHeaders)).user;
});
