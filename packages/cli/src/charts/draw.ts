import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Spec } from "vega";
import { CHART_FONT } from "./figure-spec";

/** Twice the size on screen, for print. */
const PICTURE_SCALE = 2;

/** An SVG document, drawn without a browser. Vega is loaded here only: no other command pays for it. */
export async function drawSvg(spec: Spec): Promise<string> {
	const { parse, View } = await import("vega");
	const view = new View(parse(spec), { renderer: "none" });
	try {
		return `${await view.toSVG()}\n`;
	} finally {
		view.finalize();
	}
}

/** The same as a PNG. The font comes along, so that a machine without fonts draws words too. */
export async function drawPng(spec: Spec): Promise<Buffer> {
	const { Resvg } = await import("@resvg/resvg-js");
	const geist = dirname(createRequire(import.meta.url).resolve("geist/font/sans"));
	const fontFiles = ["Geist-Regular.ttf", "Geist-SemiBold.ttf"].map((file) => join(geist, "fonts/geist-sans", file));
	const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: CHART_FONT };
	return new Resvg(await drawSvg(spec), { fitTo: { mode: "zoom", value: PICTURE_SCALE }, font }).render().asPng();
}
