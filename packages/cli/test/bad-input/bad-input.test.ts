import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@atelier/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atelier } from "../command-line";
import { type Console, startConsole } from "../console";
import { AMAZON_CASES, JSON_CASES, MAPPING_CASES, RECBOLE_CASES, SEQUENCE_CASES } from "./format-cases";
import type { ImportCase } from "./import-case";
import { importingQueue } from "./importing-queue";
import { FILE_CASES, TABLE_CASES } from "./table-cases";

let running: Console;
let base: string;
let folders = 0;
beforeAll(async () => {
	running = await startConsole([tmpdir()], importingQueue);
	base = await mkdtemp(join(tmpdir(), "atelier-bad-input-"));
});
afterAll(async () => {
	await running.stop();
	await rm(base, { recursive: true, force: true });
});

/** Writes the files; what is imported of them, under a name of its own. */
async function prepare(given: ImportCase) {
	folders += 1;
	const folder = join(base, `case-${folders}`);
	await mkdir(folder);
	for (const [name, content] of Object.entries(given.files)) await writeFile(join(folder, name), content);
	const mapping = join(base, `map-${folders}.yaml`);
	if (given.mapping !== undefined) await writeFile(mapping, given.mapping);
	return {
		name: `case-${folders}`,
		path: given.path === undefined ? folder : join(folder, given.path),
		format: given.format ?? "atelier",
		mapping: given.mapping === undefined ? undefined : mapping,
		itemsPath: given.items === undefined ? undefined : join(folder, given.items),
		maxRejectedShare: given.maxRejected,
	};
}
type Request = Awaited<ReturnType<typeof prepare>>;

function argumentsOf({ name, path, format, mapping, itemsPath, maxRejectedShare }: Request): string[] {
	const options = Object.entries({ name, format, mapping, items: itemsPath, "max-rejected": maxRejectedShare });
	return [
		"dataset",
		"import",
		path,
		...options.flatMap(([key, value]) => (value === undefined ? [] : [`--${key}`, `${value}`])),
	];
}

/** What the API says of the same request: that it was refused, or how the import ended. */
async function askApi(request: Request): Promise<{ error: string | null }> {
	try {
		const { id, name, startedAt } = await running.api.datasets.import(request);
		const { status, error } = await running.api.datasets.importState({ id, name, startedAt });
		expect(status).not.toBe("importing");
		return { error };
	} catch (error) {
		return { error: messageOf(error) };
	}
}

/** No stack, no class name, nothing of the machinery, no control characters. */
function expectPlainWords(message: string): void {
	expect(message).not.toMatch(/\n\s+at |undefined|\[object|Prisma|ECONN|TypeError|node_modules/);
	expect(message.replace(/[\n\t]/g, "")).not.toMatch(/\p{Cc}/u);
}

describe.each<[string, ImportCase[]]>([
	["files", FILE_CASES],
	["tables", TABLE_CASES],
	["JSONL", JSON_CASES],
	["RecBole", RECBOLE_CASES],
	["sequences", SEQUENCE_CASES],
	["Amazon reviews", AMAZON_CASES],
	["mappings", MAPPING_CASES],
])("importing strange %s", (_kind, cases) => {
	it.each(cases)("$name", async (given) => {
		const request = await prepare(given);
		const { code, stdout, stderr } = await atelier(running, ...argumentsOf(request));
		if (given.refused) {
			expect(stderr).toMatch(given.refused);
			expectPlainWords(stderr);
			expect({ isFailure: code === 1 || code === 2, stdout }).toEqual({ isFailure: true, stdout: "" });
			const { error } = await askApi(request);
			expect(error).toMatch(given.refused);
			return;
		}
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(await askApi(request)).toEqual({ error: null });
		const dataset = await running.api.datasets.get({ name: request.name });
		expect(dataset.counts).toMatchObject(given.counts ?? {});
		if (given.rejected) expect(dataset.rejected).toEqual(given.rejected);
	});
});
