import { TRPCClientError } from "@trpc/client";
import { expect, it } from "vitest";
import { whoIsAway } from "~/features/away/who-is-away";
import { prepareSystemNotice } from "~/features/frame/prepare-system-notice";

const answered = (data: object) => TRPCClientError.from({ error: { code: -32_000, message: "", data } });

it("a request tells the record's absence from the console's, and both from an answer that is final", () => {
	expect(whoIsAway(answered({ code: "SERVICE_UNAVAILABLE", isRecordAway: true }))).toBe("record");
	expect(whoIsAway(answered({ code: "SERVICE_UNAVAILABLE", isRecordAway: false }))).toBeNull();
	expect(whoIsAway(answered({ code: "NOT_FOUND" }))).toBeNull();
	expect(whoIsAway(TRPCClientError.from(new TypeError("Failed to fetch")))).toBe("console");
	expect(whoIsAway(TRPCClientError.from(new DOMException("left", "AbortError")))).toBeNull();
	expect(whoIsAway(new Error("of the page"))).toBeNull();
});

it("the strip under the top bar says what is away, and that nothing need be done", () => {
	const status = { worker: { alive: true }, trainer: { state: "ready" as const, message: "", step: "" } };
	expect(prepareSystemNotice(status)).toBeNull();
	expect(prepareSystemNotice(status, "record")).toEqual({
		tone: "warn",
		title: "The record is restarting.",
		detail: "Nothing is lost; this page tries again by itself.",
	});
	expect(prepareSystemNotice(null, "console")?.title).toBe("The console does not answer.");
});
