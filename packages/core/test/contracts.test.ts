import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { receipt, stageEvent, stageSpec } from "../src";

const fixture = <T>(name: string, schema: z.ZodType<T>): T =>
	schema.parse(JSON.parse(readFileSync(new URL(`fixtures/contracts/${name}.json`, import.meta.url), "utf8")));
const validSpecs = fixture("specs-valid", z.array(z.object({ kind: z.string() }).loose()));
const invalidSpecs = fixture(
	"specs-invalid",
	z.array(z.object({ why: z.string(), names: z.string(), spec: z.unknown() })),
);
const validEvents = fixture("events-valid", z.array(z.object({ type: z.string() }).loose()));
const invalidEvents = fixture("events-invalid", z.array(z.object({ why: z.string(), event: z.unknown() })));

// The trainer's tests parse the same files (packages/trainer/tests), so neither side can drift alone.
describe("contract fixtures that must be accepted", () => {
	it.each(validSpecs.map((spec) => [spec.kind, spec] as const))("spec of %s", (_, spec) => {
		expect(stageSpec.parse(spec)).toMatchObject(spec);
	});
	it.each(validEvents.map((event) => [event.type, event] as const))("event %s", (_, event) => {
		expect(stageEvent.parse(event)).toEqual(event);
	});
	it("receipt", () => {
		expect(fixture("receipt", receipt).contract).toBe(1);
	});
});

describe("contract fixtures that must be refused", () => {
	it.each(invalidSpecs.map((entry) => [entry.why, entry] as const))("spec: %s", (_, { spec, names }) => {
		const parsed = stageSpec.safeParse(spec);
		expect(parsed.success).toBe(false);
		expect(JSON.stringify(parsed.error?.issues)).toContain(names);
	});
	it.each(invalidEvents.map((entry) => [entry.why, entry] as const))("event: %s", (_, { event }) => {
		expect(stageEvent.safeParse(event).success).toBe(false);
	});
});
