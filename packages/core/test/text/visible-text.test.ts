import { describe, expect, it } from "vitest";
import { hasHidden, visibleJson, visibleLines, visibleText } from "../../src";

describe("hidden characters", () => {
	it.each([
		["a colour", "\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m"],
		["the window's title (OSC)", "\u001b]0;owned\u0007", "\\u001b]0;owned\\u0007"],
		["a link (OSC 8)", "\u001b]8;;http://x\u001b\\y", "\\u001b]8;;http://x\\u001b\\y"],
		["the clipboard (OSC 52)", "\u001b]52;c;cm0=\u0007", "\\u001b]52;c;cm0=\\u0007"],
		["CSI and OSC as single C1 characters", "\u009b2J\u009d0;x\u009c", "\\u009b2J\\u009d0;x\\u009c"],
		["NUL, backspace and DEL", "a\u0000b\bc\u007f", "a\\u0000b\\u0008c\\u007f"],
		["what ends a line", "a\nb\rc\td\u0085e\u2028f\u2029g", "a\\nb\\rc\\td\\u0085e\\u2028f\\u2029g"],
		["direction overrides", "\u202egnp.exe\u202c", "\\u202egnp.exe\\u202c"],
		["isolates", "\u2066a\u2067b\u2068c\u2069", "\\u2066a\\u2067b\\u2068c\\u2069"],
		["direction marks", "a\u200eb\u200fc\u061cd", "a\\u200eb\\u200fc\\u061cd"],
		["zero width", "a\u200bb\u2060c\ufeffd\u00ade", "a\\u200bb\\u2060c\\ufeffd\\u00ade"],
		["a joiner inside a Latin word", "Bo\u200dot Bo\u200cot", "Bo\\u200dot Bo\\u200cot"],
		["tag characters", "A\u{e0041}\u{e007f}", "A\\u{e0041}\\u{e007f}"],
		["lone surrogates", "a\ud800b\udc00", "a\\ud800b\\udc00"],
		["noncharacters and annotation", "a\uffffb\ufff9c", "a\\uffffb\\ufff9c"],
		["fillers that look like nothing", "a\u3164b\u115fc", "a\\u3164b\\u115fc"],
	])("become visible: %s", (_, text, shown) => {
		expect(visibleText(text)).toBe(shown);
		expect(visibleText(shown)).toBe(shown);
		expect(hasHidden(text)).toBe(true);
	});

	it("stop climbing after eight marks on a letter", () => {
		expect(visibleText(`Z${"\u0301".repeat(500)}!`)).toBe(`Z${"\u0301".repeat(8)}[+492 marks]!`);
	});

	it("leave line breaks and tabs of a log, and nothing else", () => {
		expect(visibleLines("a\r\n\tb\u001b[2J\nc\rd\u2028")).toBe("a\n\tb\\u001b[2J\nc\\rd\\u2028");
	});
});

it.each([
	"Women's ankle boot, 3/4\" heel – größe 38 (50 % off)",
	"مانتو زنانه می\u200cخواهم",
	"क्\u200dष साड़ी",
	"שמלה שחורה",
	"ชุดเดรสผู้หญิง",
	"Đầm dự tiệc",
	"연필 스커트, 日本の着物",
	"T-shirt 👩‍👩‍👧 ❤️ 👍🏽",
	"C:\\dir \\u001b as typed",
])("ordinary text in any script stays as it is: %s", (text) => {
	expect(visibleText(text)).toBe(text);
	expect(hasHidden(text)).toBe(false);
});

it("JSON holds no raw control and reads back as the very same value", () => {
	const value = { title: "a\u001b[31m\u009b\u202e\u{e0041}\u2028\ud800", "\u200bkey": ["x\ny", 1, null] };
	const text = visibleJson(value, 2);
	expect(text.split("\n").some((line) => hasHidden(line))).toBe(false);
	expect(JSON.parse(text)).toEqual(value);
});
