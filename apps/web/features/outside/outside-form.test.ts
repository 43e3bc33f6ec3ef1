import { describe, expect, it } from "vitest";
import { EMPTY_OUTSIDE, methodFromFile, prepareOutside } from "./outside-form";

const file = new File(["user_id,rank\n"], "my_ranks.csv.gz");
const filled = { ...EMPTY_OUTSIDE, file, dataset: "shop", method: " My method " };

describe("the form of an import of ranks", () => {
	it("asks for what it was told, and leaves the columns to be guessed until somebody says otherwise", () => {
		expect(prepareOutside(filled)).toEqual({
			file,
			request: {
				...{ dataset: "shop", method: "My method", seed: 0, setting: "full" },
				...{ ignoreUnknown: false, missingAsMissed: false, mapping: undefined },
			},
		});
		const columns = { user: "u", items: "", item: "", rank: "r", score: "", groundTruth: "" };
		expect(prepareOutside({ ...filled, columns, like: " 1a2b " })).toMatchObject({
			request: { mapping: { user: "u", rank: "r" }, like: "1a2b" },
		});
	});

	it("says what is missing, by field", () => {
		const columns = { user: "u" };
		expect(prepareOutside({ ...EMPTY_OUTSIDE, method: "=x", seed: "one", columns })).toEqual({
			errors: {
				file: expect.stringMatching(/file/),
				dataset: expect.stringMatching(/dataset/),
				method: expect.stringMatching(/begin with a letter/),
				seed: expect.stringMatching(/whole number/),
				columns: expect.stringMatching(/which column/),
			},
		});
	});

	it("takes the method's name from the file's", () => {
		expect(methodFromFile(file)).toBe("my ranks");
	});
});
