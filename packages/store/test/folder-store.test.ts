import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { FolderStore } from "../src";
import { describeStore } from "./conformance/describe-store";

const newFolder = () => mkdtemp(join(tmpdir(), "atelier-store-"));

describeStore("the folder store", async () => {
	const root = await newFolder();
	return {
		store: new FolderStore(root),
		damage: (ref, name, content) => writeFile(join(root, ref, name), content),
		close: () => rm(root, { recursive: true, force: true }),
	};
});

it("a store whose disk is not mounted is unavailable, not damaged", async () => {
	const store = new FolderStore(join(await newFolder(), "gone"));
	const away = { code: "UNAVAILABLE" };
	await expect(store.check("datasets/one", [])).rejects.toMatchObject(away);
	await expect(store.folder("datasets/one")).rejects.toMatchObject(away);
	await expect(store.file("datasets/one", "items.parquet")).rejects.toMatchObject(away);
});
