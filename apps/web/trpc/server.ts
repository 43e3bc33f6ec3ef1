import "server-only";
import { createContext } from "@atelier/api";
import { headers } from "next/headers";
import { cache } from "react";
import { services } from "./services";

/** Who makes the current request, or null; asked once a request. */
export const signedInUser = cache(async () => (await createContext(await services(), await headers())).user);
