import { describe, expect, test } from "vitest";
import {
	describeGpus,
	EMPTY_HOST,
	gpuMemory,
	groupGpus,
	hostState,
	prepareHost,
	removal,
} from "~/features/hosts/prepare-hosts";

const gpu = (name: string, memoryBytes: number, usedBytes: number | null = null) => ({
	name,
	memoryBytes,
	usedBytes,
	utilisation: null,
});

describe("what a host is shown as", () => {
	test("a host that does not answer is unreachable first, whatever was asked of it", () => {
		expect(hostState({ state: "unreachable", draining: true })).toBe("unreachable");
		expect(hostState({ state: "reachable", draining: true })).toBe("draining");
		expect(hostState({ state: "unknown", draining: false })).toBe("unknown");
	});
	test("equal GPUs stand together, with the memory of one", () => {
		const groups = groupGpus([gpu("A100", 80e9), gpu("T4", 16e9), gpu("A100", 80e9)]);
		expect(groups.map(describeGpus)).toEqual(["2 × A100, 80.0 GB each", "T4, 16.0 GB"]);
		expect(describeGpus({ name: "GPU", count: 4, memoryBytes: 0 })).toBe("4 × GPU");
	});
	test("memory in use is that of the GPUs that say it, and nothing where none does", () => {
		expect(gpuMemory([gpu("A100", 80e9, 20e9), gpu("A100", 80e9)])).toEqual({ usedBytes: 20e9, allBytes: 80e9 });
		expect(gpuMemory([gpu("A100", 80e9)])).toBeNull();
	});
});

describe("adding a host", () => {
	const form = { ...EMPTY_HOST, name: " gpu-1 ", address: "http://gpu-1:8265" };
	test("what is left empty is left to the server", () => {
		expect(prepareHost(form)).toEqual({
			request: {
				name: "gpu-1",
				address: "http://gpu-1:8265",
				settings: { environment: "pip", python: "python", artifactsUrl: null },
			},
		});
	});
	test("a token, slots and a price go along as what they are", () => {
		const prepared = prepareHost({ ...form, token: "abc", slots: "2", price: "3.50" });
		expect(prepared).toMatchObject({ request: { token: "abc", slots: 2, pricePerHour: 3.5 } });
	});
	test.each([
		["name", "GPU 1"],
		["address", "gpu-1:8265"],
		["address", "ftp://gpu-1"],
		["token", "two words"],
		["slots", "0"],
		["slots", "1.5"],
		["price", "-1"],
		["price", "free"],
		["artifactsUrl", "console"],
	])("what is wrong is said at its field: %s %s", (field, value) => {
		const prepared = prepareHost({ ...form, [field]: value });
		expect(Object.keys("errors" in prepared ? prepared.errors : {})).toEqual([field]);
	});
});

test("a host is removed once nothing runs there and nothing waits for it, and the question says which it is", () => {
	const stage = {
		attemptId: "a",
		stageKey: "k",
		kind: "fine-tune",
		runId: null,
		gpus: 1,
		startedAt: new Date(0),
		unreachableSince: null,
	};
	expect(removal({ name: "gpu-1", running: [stage], waiting: 3 })).toMatchObject({
		allowed: false,
		words: expect.stringContaining("1 stage there has not ended"),
	});
	expect(removal({ name: "gpu-1", running: [], waiting: 3 })).toMatchObject({
		allowed: false,
		words: expect.stringContaining("3 stages wait for gpu-1 alone"),
	});
	expect(removal({ name: "gpu-1", running: [], waiting: 0 }).allowed).toBe(true);
});
