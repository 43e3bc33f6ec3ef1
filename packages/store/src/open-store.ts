import { join } from "node:path";
import { FolderStore } from "./folder-store";
import type { Store } from "./store";

export interface StoreSettings {
	/** Absolute ATELIER_HOME. */
	home: string;
}

/** The store of an installation. */
export function openStore({ home }: StoreSettings): Store {
	return new FolderStore(join(home, "store"));
}
