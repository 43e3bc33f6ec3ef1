import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@atelier/core";
import { refuseUnknownEncoding } from "../../import/encoding";
import type { ImportContext, StagedFacts } from "../../import/import-context";
import { type RawTable, readRawTable } from "../../import/raw-table";
import { fileInfo, inspectFile, kindOfName, type SourceFile } from "../../import/source-file";
import { namesInFolder, noFile, type SourcePlan } from "../source-plan";
import { type Mapping, parseMapping } from "./mapping-schema";
import { stageMappedExposures, stageMappedInteractions, stageMappedItems } from "./stage-mapped";

const SHIPPED = join(dirname(fileURLToPath(import.meta.url)), "../../../mappings");

/** A person writes a mapping: nothing of this size is one. */
const MAX_MAPPING_BYTES = 1 << 18;

type MappedFile = Pick<
	Mapping["interactions"][number],
	"file" | "delimiter" | "quotes" | "escape" | "columns" | "encoding"
>;

/** Any CSV, TSV, JSONL or Parquet, read through a YAML file that names the columns. */
export async function planMapping(folder: string, mappingName: string | undefined): Promise<SourcePlan> {
	const mapping = await loadMapping(mappingName);
	const names = await namesInFolder(folder);
	const found = new Map<string, SourceFile>();
	for (const block of blocksOf(mapping)) {
		const path = join(folder, fileNamed(folder, names, block));
		refuseUnknownEncoding(block.encoding);
		if (!found.has(path)) found.set(path, await inspectFile(path, kindOfName(path) ?? "csv"));
	}
	const { description: _, ...rules } = mapping;
	return {
		files: [...found.values()],
		fingerprint: JSON.stringify(rules),
		load: (context) => load(context, mapping, (block) => found.get(join(folder, fileNamed(folder, names, block)))),
	};
}

/** Names of the mappings that come with Atelier. */
export async function shippedMappings(): Promise<string[]> {
	return (await readdir(SHIPPED)).filter((name) => name.endsWith(".yaml")).map((name) => name.replace(/\.yaml$/, ""));
}

async function loadMapping(name: string | undefined): Promise<Mapping> {
	const shipped = (await shippedMappings()).join(", ");
	if (name === undefined) {
		throw new AppError("BAD_REQUEST", `Format mapping needs a mapping: the path of a YAML file, or one of ${shipped}.`);
	}
	const own = join(SHIPPED, `${name}.yaml`);
	const path = /^[a-z0-9-]+$/.test(name) && existsSync(own) ? own : name;
	if (!existsSync(path)) {
		throw new AppError("BAD_REQUEST", `There is no mapping "${name}": neither a file nor one of ${shipped}.`);
	}
	const { size } = await fileInfo(path);
	if (size > MAX_MAPPING_BYTES) {
		throw new AppError(
			"BAD_REQUEST",
			`${name} is no mapping: it has ${size} bytes, and a mapping at most ${MAX_MAPPING_BYTES}.`,
		);
	}
	return parseMapping(await readFile(path, "utf8"), name);
}

function blocksOf(mapping: Mapping): MappedFile[] {
	return [mapping.items, ...mapping.interactions, mapping.exposures].filter((block) => block !== undefined);
}

function fileNamed(folder: string, names: readonly string[], block: MappedFile): string {
	const wanted = typeof block.file === "string" ? [block.file] : block.file;
	const name = wanted.flatMap((stem) => [stem, `${stem}.gz`]).find((candidate) => names.includes(candidate));
	if (name === undefined) throw noFile(folder, `file ${wanted.join(" or ")} (plain or .gz)`, names);
	return name;
}

async function load(
	context: ImportContext,
	mapping: Mapping,
	sourceOf: (block: MappedFile) => SourceFile | undefined,
): Promise<StagedFacts> {
	const tables = new Map<string, RawTable>();
	const read = async (block: MappedFile): Promise<RawTable> => {
		const source = sourceOf(block);
		if (source === undefined) throw new AppError("INTERNAL", `A file of the mapping was not looked up: ${block.file}`);
		const known = tables.get(source.path);
		if (known !== undefined) return known;
		const { file: _, columns: names, ...rules } = block;
		const raw = await readRawTable(context, source, { ...rules, names });
		tables.set(source.path, raw);
		return raw;
	};
	if (mapping.items !== undefined) await stageMappedItems(context, await read(mapping.items), mapping.items);
	for (const [index, block] of mapping.interactions.entries()) {
		await stageMappedInteractions(context, await read(block), block, index);
	}
	if (mapping.exposures !== undefined) {
		await stageMappedExposures(context, await read(mapping.exposures), mapping.exposures);
	}
	return {
		hasItemFile: mapping.items !== undefined,
		queriesDerived: mapping.items?.deriveSearch !== undefined,
	};
}
