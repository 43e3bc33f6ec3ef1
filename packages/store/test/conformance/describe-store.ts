import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attemptRef, datasetRef, type Store } from "../../src";
import { collect, writeArtifact } from "./artifact";

export interface StorePlace {
	store: Store;
	/** Changes bytes of a published file where they lie, as a bad disk would. */
	damage: (ref: string, name: string, content: string) => Promise<void>;
	close: () => Promise<void>;
}

/** What every store must do, whatever it is made of. */
export function describeStore(name: string, open: () => Promise<StorePlace>): void {
	describe(name, () => {
		let place: StorePlace;
		let store: Store;
		let source: string;
		beforeEach(async () => {
			place = await open();
			store = place.store;
			source = await mkdtemp(join(tmpdir(), "atelier-source-"));
		});
		afterEach(async () => {
			await place.close();
			await rm(source, { recursive: true, force: true });
		});

		it("gives back what was published, folders and names with blanks among it", async () => {
			const contents = {
				"a.parquet": "rows",
				"adapter/weights é 1+1.safetensors": Buffer.from([0, 255, 10, 13]),
				empty: "",
			};
			const { ref, files } = await writeArtifact(source, contents);
			expect(await store.has(ref)).toBe(false);
			await store.publish(ref, source, files);
			expect(await store.has(ref)).toBe(true);
			const folder = await store.folder(ref);
			for (const [path, content] of Object.entries(contents)) {
				expect(await readFile(join(folder, path))).toEqual(Buffer.from(content));
			}
			expect(await store.check(ref, files, { isFull: true })).toEqual({ damage: null, wasRead: true });
		});

		it("publishing again changes nothing, and goes on where it was cut off", async () => {
			const { ref, files } = await writeArtifact(source, { one: "1", two: "2" });
			const original = await readFile(join(source, "two"));
			await writeFile(join(source, "two"), "other");
			await expect(store.publish(ref, source, files)).rejects.toMatchObject({ code: "BAD_DATA" });
			expect(await store.has(ref)).toBe(false);
			await writeFile(join(source, "two"), original);
			await store.publish(ref, source, files);
			await store.publish(ref, source, files);
			expect(await readFile(join(await store.folder(ref), "two"))).toEqual(original);
		});

		it("refuses a list without the seal, and names that lead out of the artifact", async () => {
			const { ref, files } = await writeArtifact(source, { one: "1" });
			const [first] = files;
			if (first === undefined) throw new Error("There is one.");
			await expect(store.publish(ref, source, [first])).rejects.toMatchObject({ code: "BAD_DATA" });
			const out = [{ ...first, path: "../one" }, ...files];
			await expect(store.publish(ref, source, out)).rejects.toMatchObject({ code: "BAD_DATA" });
			await expect(store.file(ref, "../../one")).rejects.toMatchObject({ code: "BAD_DATA" });
			for (const wrong of ["stages/split/key", "stages/../../../x", "elsewhere/one", "datasets/a/b"]) {
				await expect(store.folder(wrong)).rejects.toMatchObject({ code: "INTERNAL" });
			}
		});

		it("streams a file, and any range of it", async () => {
			const { ref, files } = await writeArtifact(source, { text: "0123456789" });
			await store.publish(ref, source, files);
			const read = async (range?: { start: number; end?: number }) =>
				(await buffer(await store.file(ref, "text", range))).toString();
			expect(await read()).toBe("0123456789");
			expect(await read({ start: 7 })).toBe("789");
			expect(await read({ start: 2, end: 4 })).toBe("234");
		});

		it("says of what is not there that it is not there", async () => {
			const { ref, files } = await writeArtifact(source, { one: "1" });
			await expect(store.folder(ref)).rejects.toMatchObject({ code: "NOT_FOUND" });
			await expect(store.file(ref, "one")).rejects.toMatchObject({ code: "NOT_FOUND" });
			await store.publish(ref, source, files);
			await expect(store.folder(ref, { files: ["two"] })).rejects.toMatchObject({ code: "NOT_FOUND" });
			await expect(store.file(ref, "two")).rejects.toMatchObject({ code: "NOT_FOUND" });
			const gone = attemptRef("split", "key", randomUUID());
			expect((await store.check(gone, files)).damage).toMatch(/not there/);
			expect(await store.filesOf(gone)).toBeNull();
			await store.remove(gone);
		});

		it("lists what is below a prefix, and nothing after it was removed", async () => {
			const key = randomUUID();
			const [one, two] = [attemptRef("split", key, "one"), attemptRef("split", key, "two")];
			const dataset = datasetRef("d1");
			for (const ref of [one, two]) {
				await store.publish(ref, source, (await writeArtifact(source, { a: "a", "b/c": "c" }, ref)).files);
			}
			const { files } = await writeArtifact(source, { "manifest.json": "{}" }, dataset);
			await store.publish(dataset, source, files);
			expect(await collect(store.list(`stages/split/${key}/`))).toEqual([one, two]);
			expect(await collect(store.list("stages/split/other/"))).toEqual([]);
			expect(await collect(store.list("datasets/"))).toEqual([dataset]);
			expect((await collect(store.list(""))).sort()).toEqual([dataset, one, two]);
			await store.remove(one);
			expect(await store.has(one)).toBe(false);
			expect(await collect(store.list(`stages/split/${key}/`))).toEqual([two]);
			await expect(store.folder(one)).rejects.toMatchObject({ code: "NOT_FOUND" });
		});

		it("finds what is damaged: other content, other size, a file besides", async () => {
			const { ref, files } = await writeArtifact(source, { one: "good", two: "good" });
			await store.publish(ref, source, files);
			expect(await store.check(ref, files)).toMatchObject({ damage: null });
			await place.damage(ref, "one", "evil");
			expect((await store.check(ref, files, { isFull: true })).damage).toMatch(/one has other content/);
			await place.damage(ref, "one", "longer");
			expect((await store.check(ref, files, { isSurface: true })).damage).toMatch(/one has 6 bytes/);
			await place.damage(ref, "one", "good");
			await place.damage(ref, "three", "");
			expect((await store.check(ref, files, { isSurface: true })).damage).toMatch(/three was put/);
		});

		it("belongs to the record that asked first", async () => {
			expect(await store.isOwnedBy("first")).toBe(true);
			expect(await store.isOwnedBy("first")).toBe(true);
			expect(await store.isOwnedBy("second")).toBe(false);
		});
	});
}
