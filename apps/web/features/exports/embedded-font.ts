/** The rule that gives a font's letters to a picture which is opened without the page, or "" where the page has no file. */
export async function embeddedFont(family: string): Promise<string> {
	const name = firstFamily(family);
	const file = fontFile(name);
	if (file === null) return "";
	const response = await fetch(file);
	if (!response.ok) return "";
	const data = toBase64(new Uint8Array(await response.arrayBuffer()));
	// A variable font serves every weight that the drawing uses.
	return `@font-face{font-family:${JSON.stringify(name)};src:url(data:font/woff2;base64,${data}) format("woff2");font-weight:100 900}`;
}

const firstFamily = (family: string) => (family.split(",")[0] ?? "").trim().replaceAll(/["']/g, "");

/** Where the page has a font from: the rule that names it. */
function fontFile(name: string): string | null {
	for (const sheet of document.styleSheets) {
		for (const rule of readableRules(sheet)) {
			if (!(rule instanceof CSSFontFaceRule)) continue;
			if (firstFamily(rule.style.getPropertyValue("font-family")) !== name) continue;
			const [, source] = /url\(["']?([^"')]+)/.exec(rule.style.getPropertyValue("src")) ?? [];
			if (source !== undefined) return new URL(source, sheet.href ?? document.baseURI).href;
		}
	}
	return null;
}

/** The browser refuses to show rules of another origin's sheet, which an extension may have added. */
function readableRules(sheet: CSSStyleSheet): CSSRule[] {
	try {
		return [...sheet.cssRules];
	} catch {
		return [];
	}
}

const CHUNK = 0x8000;

function toBase64(bytes: Uint8Array): string {
	const parts: string[] = [];
	for (let at = 0; at < bytes.length; at += CHUNK) parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
	return btoa(parts.join(""));
}
