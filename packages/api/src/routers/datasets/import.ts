import { randomUUID } from "node:crypto";
import { isAbsolute } from "node:path";
import { AppError, uploadId } from "@atelier/core";
import { IMPORT_FORMATS, type ReadableFolders, readablePath, shippedMappings, type UploadStore } from "@atelier/data";
import { z } from "zod";
import { claimName, datasetName } from "../../rows/dataset-name";
import { procedure } from "../../trpc";

const absolutePath = z.string().refine(isAbsolute, "must be an absolute path on the machine that runs the worker");

interface Named {
	format: string;
	mapping?: string | undefined;
	itemsPath?: string | undefined;
}

/** @throws AppError BAD_REQUEST for a mapping or an item file that is missing, or that the format does not take. */
async function refuseMisplaced(readable: ReadableFolders, { format, mapping, itemsPath }: Named): Promise<void> {
	if (itemsPath !== undefined && format !== "sequences") {
		throw new AppError("BAD_REQUEST", `An item file goes with the format sequences, not with ${format}.`);
	}
	if (format !== "mapping") {
		if (mapping !== undefined) throw new AppError("BAD_REQUEST", `The format ${format} takes no mapping.`);
		return;
	}
	const shipped = await shippedMappings();
	const choice = `${shipped.join(", ")}, or the absolute path of a YAML file`;
	if (mapping === undefined) throw new AppError("BAD_REQUEST", `The format mapping needs a mapping: ${choice}.`);
	if (shipped.includes(mapping)) return;
	if (!isAbsolute(mapping)) throw new AppError("BAD_REQUEST", `There is no mapping "${mapping}". Give ${choice}.`);
	await readablePath(readable, mapping);
}

/**
 * Where the files of a request lie, handed over or named.
 *
 * @throws AppError BAD_REQUEST for a request with neither or both, CONFLICT while an upload is not all there
 */
async function pathsOf(
	uploads: UploadStore,
	{ path, upload, format, mapping, itemsPath }: Named & { path?: string | undefined; upload?: string | undefined },
) {
	if ((path === undefined) === (upload === undefined)) {
		throw new AppError("BAD_REQUEST", "An import needs either a path or an upload.");
	}
	if (upload === undefined) return { path: path ?? "" };
	const files = await uploads.complete(upload);
	const [data, ...others] = files.filter(({ role }) => role === "data");
	if (data === undefined) throw new AppError("BAD_REQUEST", "The upload holds no data files.");
	if (format === "sequences" && others.length > 0) {
		const names = [data, ...others].map(({ name }) => name).join(", ");
		throw new AppError(
			"BAD_REQUEST",
			`The format sequences is one file, and an item file beside it; there are ${names}.`,
		);
	}
	const ofRole = (role: "mapping" | "items") => files.find((file) => file.role === role)?.path;
	return {
		path: format === "sequences" ? data.path : uploads.folderOf(upload, "data"),
		mapping: ofRole("mapping") ?? mapping,
		itemsPath: ofRole("items") ?? itemsPath,
	};
}

/** Starts an import; the row it returns shows its progress. */
export const importDataset = procedure
	.input(
		z.strictObject({
			/** A file or folder below one of ATELIER_FILES; this, or an upload. */
			path: absolutePath.optional(),
			/** Files that were handed over: the data, and where it has them the mapping and the item file. */
			upload: uploadId.optional(),
			format: z.enum(IMPORT_FORMATS),
			name: datasetName,
			group: datasetName.nullish(),
			/** A shipped mapping's name or the path of a YAML file; for the format `mapping`. */
			mapping: z.string().min(1).optional(),
			/** Item file beside a `sequences` file. */
			itemsPath: absolutePath.optional(),
			/** Encoding of the text files, by its name on the web (`windows-1252`); UTF-8 when absent. */
			encoding: z.string().min(1).max(40).optional(),
			/** Share of rows that may be rejected before the import fails. */
			maxRejectedShare: z.number().min(0).max(1).optional(),
		}),
	)
	.mutation(async ({ ctx, input }) => {
		const { name, ...given } = input;
		const request = { ...given, ...(await pathsOf(ctx.uploads, given)) };
		await refuseMisplaced(ctx.readable, request);
		for (const path of [request.path, request.itemsPath]) {
			if (path !== undefined) await readablePath(ctx.readable, path);
		}
		const id = `import-${randomUUID()}`;
		const { createdAt } = await ctx.db.dataset.create({
			data: {
				id,
				name: await claimName(ctx.db, name, id),
				group: input.group ?? null,
				format: input.format,
				request: { kind: "import", ...request, group: input.group ?? null },
			},
		});
		await ctx.queue.send("import-dataset", { datasetId: id });
		return { id, name, startedAt: createdAt };
	});
