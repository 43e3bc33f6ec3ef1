import { hostFacts, type MemoryNeed, modelFacts, NO_NEEDS, stageParams } from "@atelier/core";
import { describe, expect, it } from "vitest";
import { placeStage } from "../src/routers/launch/place-stages";

const falcon = modelFacts({
	...{ model_type: "falcon", vocab_size: 65024, hidden_size: 4544, num_hidden_layers: 32, num_attention_heads: 71 },
	torch_dtype: "bfloat16",
});
const params = stageParams["fine-tune"].parse({
	...{ loraRank: 16, loraAlpha: 16, loraDropout: 0.05, epochs: 1, hardEpochs: 3, hardShare: 0.2, batchSize: 16 },
	...{ learningRate: 0.00002, maxTokens: 1024, idWeight: 1, idWeightAbsent: 1, frozenShare: 0, quantization: "none" },
	...{ gradientCheckpointing: false, packing: true },
});
if (falcon === null) throw new Error("Falcon-7b has no facts");
const memory: MemoryNeed = { question: { kind: "fine-tune", params }, model: falcon };
const shared = { kind: "fine-tune" as const, section: "fineTune", memory };
const onGpu = { ...shared, needs: { pool: "gpu" as const, gpus: 1, memoryGb: null } };

const host = (name: string, gpuGb: number[], machineGb: number | null) => ({
	name,
	gpus: gpuGb.length,
	state: "reachable" as const,
	draining: false,
	facts: hostFacts.parse({
		gpus: gpuGb.map((gb) => ({ name: "GPU", memoryBytes: gb * 1e9 })),
		memoryBytes: machineGb === null ? null : machineGb * 1e9,
	}),
});

describe("a stage whose memory is estimated", () => {
	it("is refused where it cannot fit, with settings that fit there", () => {
		const hosts = [host("local", [], 8), host("lab", [24], 64)];
		const { host: where, refusal, memory: planned } = placeStage(hosts, "lab", onGpu);
		expect(where).toBeNull();
		expect(planned).toMatchObject({ hostBytes: 24e9, fitting: expect.stringMatching(/^--set fineTune\./) });
		expect(planned?.bytes).toBeGreaterThan(24e9);
		// Where no host was named, the same is said of the largest one.
		const anywhere = placeStage([...hosts, host("small", [8], 64)], undefined, onGpu);
		expect(anywhere.memory).toEqual(planned);
		expect(anywhere.refusal).toContain(`no host has that; on lab ${planned?.fitting} would fit`);
		expect(refusal).toMatch(
			/fine-tune cannot run on lab: it is estimated to need [\d.]+ GB, and a GPU of the host has 24\.0/,
		);
		const said = /; (.*) would fit/.exec(refusal ?? "")?.[1];
		expect(said).toMatch(/^--set fineTune\.gradientCheckpointing=true/);
		const settings = Object.fromEntries(
			[...(said ?? "").matchAll(/--set fineTune\.(\w+)=(\S+)/g)].map(([, name, value]) => [
				name,
				name === "batchSize" ? Number(value) : value === "true" ? true : value,
			]),
		);
		const smaller = { ...params, ...settings };
		const question = { kind: "fine-tune" as const, params: stageParams["fine-tune"].parse(smaller) };
		expect(placeStage([host("lab", [24], 64)], "lab", { ...onGpu, memory: { question, model: falcon } })).toMatchObject(
			{
				host: "lab",
				refusal: null,
			},
		);
	});

	it("goes to the first host that has room for it", () => {
		const hosts = [host("local", [], 8), host("lab", [24], 64), host("large", [400], 64)];
		expect(placeStage(hosts, undefined, onGpu)).toMatchObject({
			host: "large",
			memory: { bytes: expect.any(Number), hostBytes: 400e9, fitting: null },
		});
	});

	it("is not refused where nobody knows the memory, and what somebody says goes before the estimate", () => {
		expect(placeStage([host("lab", [0], null)], "lab", onGpu).refusal).toBeNull();
		const here = { ...shared, needs: NO_NEEDS };
		expect(placeStage([host("local", [], null)], undefined, here).refusal).toBeNull();
		expect(placeStage([host("local", [], 8)], undefined, here).refusal).toMatch(
			/cannot run here: it is estimated to need .* resources\.fineTune\.memoryGb=… says it better/,
		);
		const said = { ...shared, memory: null, needs: { ...NO_NEEDS, memoryGb: 4 } };
		expect(placeStage([host("local", [], 8)], undefined, said)).toMatchObject({ host: "local", memory: null });
	});
});
