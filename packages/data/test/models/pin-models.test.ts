import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { MODEL_PACKAGES, type PlannedStage } from "@atelier/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pinModels } from "../../src";

const [OLD, NEW] = ["a".repeat(40), "b".repeat(40)];

let folder: string;
let cache: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "atelier-models-"));
	cache = join(folder, "hub");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(files: Record<string, string>) {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
}

const baseModel = (source: string, model: string, revision?: string): Pick<PlannedStage, "kind" | "params"> => {
	return { kind: "base-model", params: { source, model, revision } };
};
const pinOf = async (source: string, model: string, revision?: string) =>
	[...(await pinModels([baseModel(source, model, revision)], cache)).values()][0];

describe("a hub model", () => {
	it("stands for the commit that the cache's main names, and for the next one after a download", async () => {
		await write({
			"hub/models--someone--tiny/refs/main": OLD,
			[`hub/models--someone--tiny/snapshots/${OLD}/config.json`]: "{}",
		});
		expect(await pinOf("hub", "someone/tiny")).toBe(OLD);
		await write({
			"hub/models--someone--tiny/refs/main": `${NEW}\n`,
			[`hub/models--someone--tiny/snapshots/${NEW}/config.json`]: "{}",
		});
		expect(await pinOf("hub", "someone/tiny")).toBe(NEW);
	});

	it("stands for the commit that it names itself", async () => {
		expect(await pinOf("hub", `nobody/nothing@${OLD}`)).toBe(OLD);
		expect(await pinOf("hub", "nobody/nothing", OLD)).toBe(OLD);
	});

	it("stands for what a branch or tag was when it was downloaded, and for nothing outside the cache", async () => {
		await write({
			"hub/models--someone--tagged/refs/v1.0": OLD,
			[`hub/models--someone--tagged/snapshots/${OLD}/config.json`]: "{}",
			"hub/elsewhere": OLD,
		});
		expect(await pinOf("hub", "someone/tagged", "v1.0")).toBe(OLD);
		expect(await pinOf("hub", "someone/tagged@v1.0")).toBe(OLD);
		await expect(pinOf("hub", "someone/tagged", "v2")).rejects.toThrow(/hf download someone\/tagged --revision v2/);
		for (const strange of ["../../elsewhere", "a/../../b", ".git", "v 1", ""]) {
			await expect(pinOf("hub", "someone/tagged", strange)).rejects.toThrow(/is no revision/);
		}
	});

	it("that is not in the cache is refused, saying how to have it", async () => {
		await expect(pinOf("hub", "nobody/nothing")).rejects.toThrow(
			/not in the Hugging Face cache \(.*hub\)\. Download it first \(hf download nobody\/nothing\), name the commit \(baseModel\.revision/,
		);
	});

	it("of which the cache lacks what main names is refused, naming what it has", async () => {
		await write({
			"hub/models--someone--half/refs/main": NEW,
			[`hub/models--someone--half/snapshots/${OLD}/config.json`]: "{}",
		});
		await expect(pinOf("hub", "someone/half")).rejects.toThrow(`someone/half@${OLD}`);
	});
});

describe("a model folder", () => {
	it("is its content: what lies beside the model and where it lies do not matter", async () => {
		await write({ "model/config.json": "{}", "model/model.safetensors": "weights", "model/notes.md": "a" });
		const before = await pinOf("path", join(folder, "model"));
		// packages/trainer/tests/test_identity.py has the same folder and the same answer.
		expect(before).toBe("sha256:d6cfbc1b3b1bbbd98732f8738bf0eba5");
		await write({ "model/notes.md": "b" });
		await rename(join(folder, "model"), join(folder, "moved"));
		expect(await pinOf("path", join(folder, "moved"))).toBe(before);
		await write({ "moved/model.safetensors": "weightz" });
		expect(await pinOf("path", join(folder, "moved"))).not.toBe(before);
	});

	it("without a model's files is none", async () => {
		await mkdir(join(folder, "empty"));
		await expect(pinOf("path", join(folder, "empty"))).rejects.toThrow(/is no model folder/);
	});
});

it("the versions of packages are those that are installed", async () => {
	const file = new URL("../../../trainer/requirements-models.txt", import.meta.url);
	const versions = [...(await readFile(file, "utf8")).matchAll(/^(?:gt-all-|llm-)(minilm|smollm2)[^=]*==(.+)$/gm)];
	expect(Object.fromEntries(versions.map(([, name, version]) => [name, version]))).toEqual(MODEL_PACKAGES);
});
