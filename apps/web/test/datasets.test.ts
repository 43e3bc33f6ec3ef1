import { describe, expect, test } from "vitest";
import {
	EMPTY_IMPORT,
	type ImportForm,
	nameFromFiles,
	nameFromPath,
	prepareImport,
} from "~/features/datasets/import-form";
import { orderDatasets } from "~/features/datasets/order-datasets";
import { prepareSequence, type SequenceEvent, summariseSequence } from "~/features/datasets/prepare-sequence";
import { addSample, estimateRate, type ProgressSample } from "~/features/progress/estimate-rate";
import { fingerprintOf, joined, withRoles } from "~/features/uploads/chosen-files";

describe("the import form", () => {
	test("a name follows from the path", () => {
		expect(nameFromPath("/data/H&M 2020.csv.gz")).toBe("h-m-2020");
		expect(nameFromPath("C:\\logs\\beauty.inter")).toBe("beauty");
		expect(nameFromPath("/data/shop/")).toBe("shop");
	});
	test("per cent become a share, and only what the format needs is sent", () => {
		const form = { ...EMPTY_IMPORT, from: "there" as const, path: " /data/shop ", name: "shop", maxRejected: "2.5" };
		expect(prepareImport(form)).toEqual({
			request: { format: "atelier", path: "/data/shop", name: "shop", group: null, maxRejectedShare: 0.025 },
			files: [],
		});
		expect(prepareImport({ ...form, format: "mapping" })).toMatchObject({ request: { mapping: "hm" } });
	});
	test("files of this computer are handed over by what each is for", () => {
		const named = (...names: string[]) => names.map((name) => new File(["x"], name));
		const rolesOf = (format: ImportForm["format"], files: File[]) => {
			const prepared = prepareImport({ ...EMPTY_IMPORT, format, files, name: "shop" });
			return "errors" in prepared ? prepared.errors : prepared.files.map(({ role, file }) => `${role} ${file.name}`);
		};
		const log = named("log.csv", "my.yaml", ".DS_Store");
		expect(rolesOf("mapping", log)).toEqual(["data log.csv", "mapping my.yaml"]);
		expect(rolesOf("sequences", named("b.txt.gz", "b_items.csv"))).toEqual(["data b.txt.gz", "items b_items.csv"]);
		expect(rolesOf("atelier", named("items.csv", "interactions.csv"))).toHaveLength(2);
		expect(rolesOf("atelier", [])).toEqual({ files: "Choose the files of the log." });
		expect(prepareImport({ ...EMPTY_IMPORT, format: "mapping", files: log, name: "shop" })).not.toHaveProperty(
			"request.mapping",
		);
		expect(nameFromFiles(named("items.csv", "H&M 2020.csv.gz"))).toBe("h-m-2020");
	});
	test("a file chosen again takes the place of the first, and the same files are the same upload", () => {
		const at = (name: string, lastModified: number) => new File(["x"], name, { lastModified });
		expect(joined([at("a", 1), at("b", 1)], [at("a", 2)]).map((file) => file.lastModified)).toEqual([1, 2]);
		const fingerprint = (time: number) => fingerprintOf(withRoles([at("a", time)], "atelier"));
		expect(fingerprint(5)).toBe(fingerprint(5));
		expect(fingerprint(5)).not.toBe(fingerprint(6));
	});
	test("each field says what is wrong with it", () => {
		const prepared = prepareImport({ ...EMPTY_IMPORT, from: "there", path: "shop", name: "My Shop", maxRejected: "" });
		expect("errors" in prepared && Object.keys(prepared.errors).sort()).toEqual(["maxRejected", "name", "path"]);
	});
});

const hour = 3_600_000;
function event(ord: number, action: SequenceEvent["action"], hours: number | null): SequenceEvent {
	return { ord, action, item: null, query: null, derived: false, at: hours === null ? null : new Date(hours * hour) };
}

describe("a shopper's sequence", () => {
	test("a session ends with a purchase, or with a day of rest", () => {
		const events = [event(0, "search", 0), event(1, "purchase", 1), event(2, "click", 2), event(3, "click", 27)];
		expect(prepareSequence(events).map((session) => session.events.map(({ ord }) => ord))).toEqual([[0, 1], [2], [3]]);
	});
	test("without times only purchases end one", () => {
		const events = [event(0, "purchase", null), event(1, "click", null), event(2, "purchase", null)];
		expect(prepareSequence(events).map((session) => session.events.length)).toEqual([1, 2]);
	});
	test("its summary leaves out what there is none of", () => {
		expect(summariseSequence([event(0, "search", 0), event(1, "purchase", 1), event(2, "purchase", 2)])).toBe(
			"1 search, 2 purchases",
		);
	});
});

describe("progress", () => {
	const sample = (done: number, seconds: number, step = "reading"): ProgressSample => ({
		step,
		done,
		at: seconds * 1000,
	});
	const watched = [sample(0, 0), sample(100, 1), sample(400, 4)].reduce<ProgressSample[]>(addSample, []);
	test("rate and time left follow from what was watched", () => {
		expect(estimateRate(watched, 1_000)).toEqual({ rate: 100, leftMs: 6_000 });
	});
	test("a new step starts over", () => {
		expect(addSample(watched, sample(5, 5, "writing"))).toEqual([sample(5, 5, "writing")]);
	});
	test("nothing is said from one look", () => {
		expect(estimateRate([sample(10, 0)], 100)).toEqual({ rate: null, leftMs: null });
	});
});

test("a group's categories stand in the paper's order, others after them; groups stay where they were", () => {
	const row = (name: string, group: string | null) => ({ name, group });
	const newestFirst = [
		row("s-toys", "s"),
		row("s-clothing", "s"),
		row("hm", null),
		row("s-luggage-bags", "s"),
		row("old-footwear", "old"),
	];
	expect(orderDatasets(newestFirst).map(({ name }) => name)).toEqual([
		"s-luggage-bags",
		"s-clothing",
		"s-toys",
		"hm",
		"old-footwear",
	]);
});
