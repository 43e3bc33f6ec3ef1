import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AppError, type DatasetManifest, datasetManifest } from "@atelier/core";
import { openDuckDb } from "../duckdb";
import type { SourcePlan } from "../sources/source-plan";
import { type ManifestHead, writeDatasetFiles, writeQuarantine } from "./dataset-files";
import { refuseUnknownEncoding } from "./encoding";
import { createStagingTables, type ImportContext } from "./import-context";
import { planReadable } from "./plan-readable";
import { refuseEmpty, refuseWithoutItems, rejectionsPast } from "./rejections";
import { DEFAULT_MAX_REJECTED_SHARE, type ImportOptions, type ImportOutcome, type ImportRequest } from "./request";
import { resolveDataset } from "./resolve-dataset";
import { type HashedFile, hashFile } from "./source-file";

/** Raised when the same bytes would give another dataset; part of the content hash. */
const IMPORT_REVISION = 2;
const WORKING_PREFIX = ".importing-";

/**
 * Reads a shopping log into `store/datasets/<id>`. Works in a folder beside it that becomes the dataset by one rename,
 * so that a dataset is whole or not there.
 * @throws AppError BAD_REQUEST for a wrong request, BAD_DATA for files that cannot be used, CANCELLED.
 */
export async function importDataset(request: ImportRequest, options: ImportOptions): Promise<ImportOutcome> {
	const maxShare = request.maxRejectedShare ?? DEFAULT_MAX_REJECTED_SHARE;
	if (!(maxShare >= 0 && maxShare <= 1)) {
		throw new AppError("BAD_REQUEST", `maxRejectedShare must lie between 0 and 1, not ${maxShare}.`);
	}
	if (request.name.trim() === "") throw new AppError("BAD_REQUEST", "A dataset needs a name.");
	refuseUnknownEncoding(request.encoding);
	const plan = await planReadable(request, options.readable);
	const sources = await hashSources(plan, options);
	const contentHash = hashOf(request.format, `${plan.fingerprint}${request.encoding ?? ""}`, sources);
	const id = contentHash.slice(0, 16);
	const datasets = resolve(options.store, "datasets");
	const path = join(datasets, id);
	const known = await readManifest(path);
	const isDamaged = existsSync(path) && (known === null || (await options.isWhole?.(id)) === false);
	if (known !== null && !isDamaged) return { manifest: known, path, alreadyImported: true };

	await mkdir(datasets, { recursive: true });
	await removeAbandonedImports(options.store);
	const working = join(datasets, `${WORKING_PREFIX}${process.pid}-${randomBytes(4).toString("hex")}`);
	const output = join(working, "dataset");
	await mkdir(output, { recursive: true });
	try {
		const head: ManifestHead = {
			contract: 1,
			id,
			name: request.name,
			group: request.group ?? null,
			format: request.format,
			contentHash,
			synthetic: request.synthetic ?? false,
			queriesDerived: false,
			sources,
			createdAt: new Date().toISOString(),
		};
		const rejectedCopy = join(resolve(options.store, "rejected"), `${id}.ndjson`);
		const place = { working, output, maxShare, rejectedCopy, encoding: request.encoding };
		const manifest = await build(plan, head, place, options);
		if (isDamaged) await rename(path, join(working, "damaged"));
		return await putInPlace(output, path, manifest);
	} finally {
		await rm(working, { recursive: true, force: true });
	}
}

async function build(
	plan: SourcePlan,
	head: ManifestHead,
	place: { working: string; output: string; maxShare: number; rejectedCopy: string; encoding: string | undefined },
	options: ImportOptions,
): Promise<DatasetManifest> {
	const db = await openDuckDb({
		file: join(place.working, "work.duckdb"),
		temporaryFolder: join(place.working, "spill"),
		signal: options.signal,
	});
	const report = options.onProgress?.bind(options) ?? (() => undefined);
	const context: ImportContext = {
		db,
		folder: place.working,
		signal: options.signal,
		encoding: place.encoding,
		report,
		files: [],
		rowTexts: [],
	};
	const step = (name: string, done: number) => report({ step: name, done, total: 3, unit: "steps" });
	try {
		await createStagingTables(db);
		const facts = await plan.load(context);
		step("checking", 0);
		await resolveDataset(context, facts);
		await refuseWithoutItems(context);
		const failure = await rejectionsPast(context, place.maxShare);
		if (failure !== null) {
			await mkdir(join(place.rejectedCopy, ".."), { recursive: true });
			await writeQuarantine(context, place.rejectedCopy);
			throw new AppError(
				"BAD_DATA",
				`Nothing was imported: too many rows had to be rejected. Mend them, or allow a larger share.\n${failure}\nAll of them, with reasons: ${place.rejectedCopy}`,
			);
		}
		await refuseEmpty(context);
		step("writing", 1);
		const manifest = await writeDatasetFiles(context, place.output, { ...head, queriesDerived: facts.queriesDerived });
		step("done", 3);
		return manifest;
	} catch (error) {
		if (options.signal?.aborted) throw new AppError("CANCELLED", "The import was cancelled.", { cause: error });
		throw error;
	} finally {
		db.close();
	}
}

async function hashSources(plan: SourcePlan, options: ImportOptions): Promise<HashedFile[]> {
	const total = plan.files.reduce((sum, file) => sum + file.sizeBytes, 0);
	let done = 0;
	const hashed: HashedFile[] = [];
	try {
		for (const file of plan.files) {
			const onBytes = (count: number) => {
				done += count;
				options.onProgress?.({ step: "comparing with earlier imports", done, total, unit: "bytes" });
			};
			hashed.push(await hashFile(file, onBytes, options.signal));
		}
	} catch (error) {
		if (options.signal?.aborted) throw new AppError("CANCELLED", "The import was cancelled.", { cause: error });
		throw error;
	}
	return hashed;
}

function hashOf(format: string, fingerprint: string, sources: readonly HashedFile[]): string {
	const what = { revision: IMPORT_REVISION, format, fingerprint, sources: sources.map((source) => source.sha256) };
	return createHash("sha256").update(JSON.stringify(what)).digest("hex");
}

/** The manifest of a dataset folder, or null when there is none that can be read. */
async function readManifest(path: string): Promise<DatasetManifest | null> {
	const content = await readFile(join(path, "manifest.json"), "utf8").catch(() => null);
	try {
		return content === null ? null : datasetManifest.parse(JSON.parse(content));
	} catch {
		return null;
	}
}

async function putInPlace(output: string, path: string, manifest: DatasetManifest): Promise<ImportOutcome> {
	try {
		await rename(output, path);
		return { manifest, path, alreadyImported: false };
	} catch (error) {
		// Another import of the same bytes was faster.
		const known = await readManifest(path);
		if (known === null) throw error;
		return { manifest: known, path, alreadyImported: true };
	}
}

/** Removes from a store what imports that were killed have left. */
export async function removeAbandonedImports(store: string): Promise<void> {
	const datasets = resolve(store, "datasets");
	for (const name of await readdir(datasets).catch(() => [])) {
		const pid = Number(/^\.importing-(\d+)-/.exec(name)?.[1]);
		if (!Number.isInteger(pid) || isAlive(pid)) continue;
		await rm(join(datasets, name), { recursive: true, force: true });
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// EPERM: it lives, under another user.
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}
