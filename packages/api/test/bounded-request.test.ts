import { expect, it } from "vitest";
import { boundedRequest } from "../src";
import { levelsOf } from "../src/bounded-request";

const URL_OF = "http://127.0.0.1:3999/api/trpc/x";
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

it.each([
	["", 0],
	["1", 0],
	["{}", 1],
	['{"a":[{"b":1}],"c":[]}', 3],
	['"[[[["', 0],
	['{"a\\"[[[":"]]"}', 1],
	["[[[", 3],
])("%j is nested %i levels", (json, levels) => {
	expect(levelsOf(json)).toBe(levels);
});

it("an input that is nested without end is refused, in the body as in the address", async () => {
	const asked = [
		new Request(URL_OF, { method: "POST", body: deep(100_000) }),
		new Request(`${URL_OF}?input=${encodeURIComponent(deep(500))}`),
	];
	for (const request of asked) {
		const answer = await boundedRequest(request);
		expect(answer).toMatchObject({ status: 400 });
	}
});

it("an ordinary request goes on as it came", async () => {
	const body = JSON.stringify({ json: { name: "x" } });
	const headers = { authorization: "Bearer x", "content-type": "application/json" };
	const answer = await boundedRequest(new Request(URL_OF, { method: "POST", headers, body }));
	if (!(answer instanceof Request)) throw new Error("refused");
	expect(await answer.text()).toBe(body);
	expect(answer.headers.get("authorization")).toBe("Bearer x");
});
