/** What the plan says that stages need: questions on standard input, their `stageMemory` on standard output, as JSON. */
import { readFileSync } from "node:fs";
import { fineTuneParams, generateParams, modelFacts, stageMemory } from "@atelier/core";
import { z } from "zod";

const shared = { config: z.unknown(), hasBfloat16: z.boolean() };
const questions = z.array(
	z.discriminatedUnion("kind", [
		z.object({ kind: z.literal("fine-tune"), params: fineTuneParams, ...shared }),
		z.object({ kind: z.literal("generate"), params: generateParams, promptTokens: z.int(), ...shared }),
	]),
);

const estimates = questions.parse(JSON.parse(readFileSync(0, "utf8"))).map(({ config, hasBfloat16, ...question }) => {
	const facts = modelFacts(config);
	if (facts === null) throw new Error("this is no configuration of a causal model");
	return stageMemory(question, facts, { isGpu: false, hasBfloat16 });
});
process.stdout.write(JSON.stringify(estimates));
