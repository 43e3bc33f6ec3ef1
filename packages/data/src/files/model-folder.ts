import { stat } from "node:fs/promises";
import { AppError, type PlannedStage } from "@atelier/core";
import { z } from "zod";
import { type ReadableFolders, readablePath, refuseLinksOut } from "./readable-folders";

/** How deep models nest their files (`onnx/`, `1_Pooling/`). */
const DEPTH = 3;
/** A hub's `owner/name` or `name`, with or without `@revision`. What is none is taken for a folder, since a library would look for one first. */
const HUB_ID = /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?(@[\w-][\w.-]*)?$/;

const modelParams = z.object({
	source: z.string().optional(),
	encoder: z.string().optional(),
	model: z.string().nullish(),
	textEncoder: z.string().optional(),
	textModel: z.string().nullish(),
});

/**
 * Makes sure that a stage which loads a model from a folder (`baseModel.source: path`, a `clip` encoder's or a `longformer`'s) stays
 * within what may be read. Asked when a launch is planned, and again before the trainer starts.
 *
 * @throws AppError BAD_REQUEST naming the folder, or the link in it that leads out
 */
export async function refuseModelOutside(
	readable: ReadableFolders,
	{ kind, params }: Pick<PlannedStage, "kind"> & { params: unknown },
): Promise<void> {
	const folder = modelFolder(kind, params);
	if (folder === null) return;
	const real = await readablePath(readable, folder);
	if (!(await stat(real)).isDirectory()) throw new AppError("BAD_REQUEST", `${folder} is a file; a model is a folder.`);
	await refuseLinksOut(readable, real, DEPTH);
}

function modelFolder(kind: string, params: unknown): string | null {
	const parsed = modelParams.safeParse(params);
	if (!parsed.success) return null;
	const { source, encoder, model, textEncoder, textModel } = parsed.data;
	if (kind === "baseline")
		return textEncoder === "longformer" && textModel && !HUB_ID.test(textModel) ? textModel : null;
	if ((kind !== "base-model" && kind !== "encode-queries" && kind !== "title-encoder") || !model) return null;
	if (source === "path") return model;
	return (source === "hub" || encoder === "clip") && !HUB_ID.test(model) ? model : null;
}
