import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importDataset, writeSample } from "../src";

test("a sample goes through the ordinary importer without a rejected row and is labelled synthetic", async () => {
	const folder = await mkdtemp(join(tmpdir(), "atelier-sample-"));
	try {
		const outDir = join(folder, "raw");
		const written = await writeSample({ category: "accessories-jewelry", users: 80, seed: 3, outDir });
		const { manifest } = await importDataset(
			{ path: outDir, format: "atelier", name: "sample", synthetic: true },
			{ store: join(folder, "store") },
		);
		const { users, items, searches, clicks, purchases, exposures } = written;
		expect(manifest.counts).toMatchObject({ users, items, searches, clicks, purchases, exposures, rejected: 0 });
		expect(manifest).toMatchObject({ synthetic: true, hasTimes: true, queriesDerived: false });
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});
