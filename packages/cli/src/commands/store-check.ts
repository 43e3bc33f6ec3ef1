import type { Client } from "../client";
import { progressLine } from "../output";

type Part = Awaited<ReturnType<Client["system"]["checkStore"]["query"]>>;

export interface StoreCheck {
	checked: number;
	damaged: Part["damaged"];
}

/** Asks part after part, each of seconds, so that leaving ends the work too; says meanwhile how far it is. */
export async function checkStore(client: Client, deep: boolean): Promise<StoreCheck> {
	const result: StoreCheck = { checked: 0, damaged: [] };
	const progress = progressLine();
	let bytes = 0;
	let after: string | null = "";
	while (after !== null) {
		const part: Part = await client.system.checkStore.query({ deep, after });
		result.checked += part.checked;
		result.damaged.push(...part.damaged);
		bytes += part.bytes;
		after = part.next;
		const read = deep ? `, ${Math.round(bytes / 1e6).toLocaleString("en-US")} MB read` : "";
		progress.show(
			deep ? "reading the store" : "looking through the store",
			`${result.checked} of ${part.total}${read}`,
		);
	}
	progress.end();
	return result;
}
