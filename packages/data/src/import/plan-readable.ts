import { stat } from "node:fs/promises";
import { type ReadableFolders, readablePath, refuseLinksOut } from "../files";
import { planSource, shippedMappings } from "../sources";
import type { SourcePlan } from "../sources/source-plan";
import type { ImportRequest } from "./request";

/**
 * Finds what an import has to read. With `readable`, nothing outside it is opened: the named paths and
 * the links among a folder's entries are followed before, and every file that a format found is checked once more.
 *
 * @throws AppError BAD_REQUEST for a path that leads out
 */
export async function planReadable(request: ImportRequest, readable: ReadableFolders | undefined): Promise<SourcePlan> {
	if (readable === undefined) return planSource(request);
	const { mapping, itemsPath } = request;
	const path = await readablePath(readable, request.path);
	if ((await stat(path)).isDirectory()) await refuseLinksOut(readable, path);
	if (itemsPath !== undefined) await readablePath(readable, itemsPath);
	const isFile = mapping !== undefined && !(await shippedMappings()).includes(mapping);
	const plan = await planSource({
		...request,
		...(isFile && { mapping: await readablePath(readable, mapping) }),
	});
	// By real path: a link that was put in between finds no way out either.
	for (const file of plan.files) await readablePath(readable, file.path);
	return plan;
}
