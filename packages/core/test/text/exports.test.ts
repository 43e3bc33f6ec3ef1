import { describe, expect, it } from "vitest";
import { attachmentHeader, csvCell, csvRow, fileName, latexText, markdownText, renderGrid, xmlText } from "../../src";

describe("a CSV cell", () => {
	it.each([
		["=1+1", "'=1+1"],
		['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
		["+1+2", "'+1+2"],
		["-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"],
		["@SUM(A1)", "'@SUM(A1)"],
		["\t=1", "'\\t=1"],
		["\r=1", "'\\r=1"],
		["\n=1", "'\\n=1"],
		["  =1", "'  =1"],
		["\uff1d1+1", "'\uff1d1+1"],
		["+1 (555) 010", "'+1 (555) 010"],
	])("is no formula: %j", (text, cell) => {
		expect(csvCell(text)).toBe(cell);
	});

	it.each(["-0.0123", "+12", "1e-5", "-1.5E+3", "+0.0123 [-0.0021, +0.0226], p 0.013", "-0.1 [-0.2, -0.0], p < 0.001"])(
		"stays the number it is: %s",
		(text) => {
			expect(csvCell(text).replaceAll('"', "")).toBe(text);
		},
	);

	it("is quoted where it must be, and a row is one line", () => {
		expect(csvRow(['a "b", c', "two\nlines\r", " blank", -3.5, null, true])).toBe(
			'"a ""b"", c",two\\nlines\\r," blank",-3.5,,true\n',
		);
	});
});

describe("Markdown", () => {
	it("has one cell for each of the grid's, whatever the cells hold", () => {
		const hostile = "a|b `c|d` **e** [f](javascript:g) <img src=x onerror=h> \\| &lt; \n| i | j |";
		const grid = {
			caption: "# x",
			columns: ["M|N", "O"],
			rows: [[{ text: hostile }, { text: "2", bold: true }]],
			notes: ["<b>"],
		};
		const [, , head, , row] = renderGrid(grid, "md").split("\n");
		const bars = (line: string | undefined) =>
			(line ?? "").replaceAll("\\\\", "").replaceAll("\\|", "").split("|").length - 2;
		expect(bars(head)).toBe(2);
		expect(bars(row)).toBe(2);
		expect(row).not.toMatch(/<img|<b>|(?<!\\)\]\(|(?<!\\)`/);
	});

	it.each(["0.2000 [0.1900, 0.2100]", "Recall@10", "Women's boot, size 38 (new)", "a - b: c", "50 % + 3"])(
		"leaves %s as it is",
		(text) => {
			expect(markdownText(text)).toBe(text);
		},
	);

	it.each([
		["http://evil.example/x", "http&#58;//evil.example/x"],
		["www.evil.example", "www&#46;evil.example"],
		["@everyone a@b.c", "&#64;everyone a&#64;b.c"],
		["# Head", "\\# Head"],
		["1. One", "1\\. One"],
		["- x", "\\- x"],
		["---", "\\---"],
		["<script>", "&lt;script&gt;"],
		["[a](http://x) [b][c] [d]: e", "[a\\](http&#58;//x) [b\\][c] [d\\]: e"],
	])("makes nothing of %s", (text, escaped) => {
		expect(markdownText(text)).toBe(escaped);
	});
});

it("LaTeX reads as the text is", () => {
	expect(latexText("50% & #1_{x} $5 \\end{table} ^~ <a|b> \u001b\n")).toBe(
		"50\\% \\& \\#1\\_\\{x\\} \\$5 \\textbackslash{}end\\{table\\} \\textasciicircum{}\\textasciitilde{} \\textless{}a\\textbar{}b\\textgreater{} \\textbackslash{}u001b\\textbackslash{}n",
	);
});

it("XML keeps its form, and holds no control character", () => {
	expect(xmlText('</text><script a="\'">&\u0000')).toBe("&lt;/text&gt;&lt;script a=&quot;&#39;&quot;&gt;&amp;\\u0000");
});

describe("a file name", () => {
	it.each([
		["../../etc/passwd", "etc-passwd"],
		["a\u202egnp.exe", "agnp.exe"],
		["x\r\nSet-Cookie: y", "xSet-Cookie-y"],
		["...", "file"],
		["con.csv", "_con.csv"],
		["größe 38.csv", "größe-38.csv"],
	])("leads nowhere and hides nothing: %j", (name, safe) => {
		expect(fileName(name)).toBe(safe);
	});

	it("keeps its ending when it is cut", () => {
		const safe = fileName(`${"a".repeat(500)}.ndjson.gz`);
		expect(safe).toHaveLength(120);
		expect(safe.endsWith(".ndjson.gz")).toBe(true);
	});

	it("stands in a header that nothing can leave", () => {
		expect(attachmentHeader('größe"; x="\r\n.csv')).toBe(
			`attachment; filename="gr__e-_-x=-.csv"; filename*=UTF-8''gr%C3%B6%C3%9Fe-%3B-x%3D-.csv`,
		);
	});
});
