import { describe, expect, it } from "vitest";
import { AppError, explain, messageOf } from "../src";

describe("what an error says", () => {
	it("is never [object Object]: plain objects with words, without words, and ones that hold themselves", () => {
		const endless: { name: string; self?: unknown } = { name: "endless" };
		endless.self = endless;
		expect(messageOf({ message: "terminating connection", queue: "run-stage" })).toBe("terminating connection");
		expect(messageOf({ status: 500, reason: "full" })).toBe('{"status":500,"reason":"full"}');
		expect(messageOf(endless)).toBe("an object with name, self");
		expect(messageOf("a text")).toBe("a text");
		expect(messageOf(undefined)).toBe("undefined");
	});

	it("is that of each, where several were thrown as one", () => {
		const refused = (host: string) =>
			Object.assign(new Error(`connect ECONNREFUSED ${host}`), { code: "ECONNREFUSED" });
		const both = new AggregateError([refused("::1"), refused("127.0.0.1")]);
		expect(messageOf(both)).toBe("connect ECONNREFUSED ::1; connect ECONNREFUSED 127.0.0.1");
	});

	it("goes to a log with its code and its causes, each once", () => {
		const inner = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
		const outer = new AppError("UNAVAILABLE", "The record is restarting.", {
			cause: new Error("query failed", { cause: inner }),
		});
		expect(explain(outer)).toBe(
			"The record is restarting. [UNAVAILABLE]; caused by: query failed; caused by: connection refused [ECONNREFUSED]",
		);
		const circular = new Error("round");
		circular.cause = circular;
		expect(explain(circular)).toBe("round");
	});
});
