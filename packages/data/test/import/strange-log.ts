import { emptyStore, folderWith, importInto, lines } from "./fixture";

/** What the strange logs have in common: two items, three purchases. */
export const ITEMS = lines("item_id,title", "a,Red bag", "b,Blue shoe");
export const LOG = lines(
	"user_id,action,item_id,timestamp",
	"u,purchase,a,1700000000",
	"u,purchase,b,1700086400",
	"v,purchase,a,1700000000",
);

export async function imported(
	files: Record<string, string | Buffer>,
	request: Partial<Parameters<typeof importInto>[1]> = {},
) {
	const path = await folderWith(files);
	return importInto(await emptyStore(), { path, format: "atelier", ...request });
}
