import { randomUUID } from "node:crypto";
import { isAbsolute } from "node:path";
import { AppError } from "@atelier/core";
import { IMPORT_FORMATS, type ReadableFolders, readablePath, shippedMappings } from "@atelier/data";
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

/** Starts an import; the row it returns shows its progress. */
export const importDataset = procedure
	.input(
		z.strictObject({
			path: absolutePath,
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
		await refuseMisplaced(ctx.readable, input);
		for (const path of [input.path, input.itemsPath]) {
			if (path !== undefined) await readablePath(ctx.readable, path);
		}
		const { name, ...request } = input;
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
