import { type StoreSettings, storeSettings, storeVariables } from "@atelier/store";
import { z } from "zod";
import { homeOf, parsed } from "../env";

const storeSchema = z.object({ ...storeVariables, ATELIER_HOME: z.string().optional() });

/** What the command line knows of where artifacts lie, without asking the console. */
export interface StoreEnv {
	home: string;
	settings: StoreSettings;
	variables: z.infer<typeof storeSchema>;
}

/** @throws AppError BAD_REQUEST for a malformed variable */
export function readStoreEnv(): StoreEnv {
	const variables = parsed(storeSchema);
	const home = homeOf(variables.ATELIER_HOME);
	return { home, settings: storeSettings(home, variables), variables };
}
