import { wrapped } from "./chart-notes";
import { embeddedFont } from "./embedded-font";

/** What a drawing takes from the page's style sheet, and so has to carry with it. */
const STYLES = [
	"fill",
	"fill-opacity",
	"stroke",
	"stroke-opacity",
	"stroke-width",
	"stroke-dasharray",
	"opacity",
	"font-family",
	"font-size",
	"font-weight",
	"text-anchor",
];
const TITLE_HEIGHT = 30;
const NOTE_SIZE = 11;
const NOTE_HEIGHT = 15;
/** Of the note's font, on average. */
const CHARACTER_WIDTH = 5.6;
const MARGIN = 8;
const NAMESPACE = "http://www.w3.org/2000/svg";
const GROUND = "#ffffff";

export interface ChartPicture {
	text: string;
	width: number;
	height: number;
}

/**
 * A chart as an SVG file that stands by itself: colours written out as the light theme has them, on white, with its font,
 * its title above and its notes below.
 *
 * @throws Error for a figure without a drawing
 */
export async function chartSvg(figure: Element, title: string, notes: readonly string[]): Promise<ChartPicture> {
	const drawing = figure.querySelector<SVGSVGElement>("svg.recharts-surface, svg[data-drawing]");
	if (drawing === null) throw new Error("There is no drawing yet.");
	const { width, height } = drawing.getBoundingClientRect();
	const copy = drawing.cloneNode(true);
	if (!(copy instanceof SVGSVGElement)) throw new Error("The drawing is no SVG.");
	const { ink, faint, font } = inLightTheme(() => {
		writeStyles(drawing, copy);
		const { color, fontFamily } = getComputedStyle(document.body);
		return { ink: color, faint: getComputedStyle(document.body).getPropertyValue("--ink-faint"), font: fontFamily };
	});
	copy.setAttribute("y", String(TITLE_HEIGHT));
	const lines = notes.flatMap((note) => wrapped(note, Math.floor((width - 2 * MARGIN) / CHARACTER_WIDTH)));
	const whole = height + TITLE_HEIGHT + (lines.length > 0 ? lines.length * NOTE_HEIGHT + MARGIN : 0);
	const outer = element("svg", { xmlns: NAMESPACE, width, height: whole });
	const style = element("style", {}, await embeddedFont(font));
	const ground = element("rect", { width: "100%", height: "100%", fill: GROUND });
	const text = { x: MARGIN, "font-family": font };
	const head = element("text", { ...text, y: 20, fill: ink, "font-size": 13, "font-weight": 500 }, title);
	const foot = lines.map((line, place) =>
		element(
			"text",
			{ ...text, y: TITLE_HEIGHT + height + (place + 1) * NOTE_HEIGHT, fill: faint, "font-size": NOTE_SIZE },
			line,
		),
	);
	outer.append(style, ground, head, copy, ...foot);
	return { text: new XMLSerializer().serializeToString(outer), width, height: whole };
}

function element(name: string, attributes: Record<string, string | number>, content = ""): SVGElement {
	const made = document.createElementNS(NAMESPACE, name);
	for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
	made.textContent = content;
	return made;
}

/** Reads the page as its light theme shows it; the page is drawn again only after the theme is back. */
function inLightTheme<Result>(read: () => Result): Result {
	const { classList } = document.documentElement;
	const isDark = classList.contains("dark");
	classList.remove("dark");
	try {
		return read();
	} finally {
		if (isDark) classList.add("dark");
	}
}

function writeStyles(from: Element, to: Element): void {
	const computed = getComputedStyle(from);
	for (const name of STYLES) {
		const value = computed.getPropertyValue(name);
		if (value !== "") to.setAttribute(name, value);
	}
	to.removeAttribute("class");
	to.removeAttribute("style");
	for (const [index, child] of [...from.children].entries()) {
		const copy = to.children[index];
		if (copy !== undefined) writeStyles(child, copy);
	}
}

/** The same picture in pixels, two for each of the page's. */
export async function chartPng(figure: Element, title: string, notes: readonly string[]): Promise<Blob> {
	const { text, width, height } = await chartSvg(figure, title, notes);
	const image = new Image();
	image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
	await image.decode();
	const canvas = document.createElement("canvas");
	canvas.width = Math.round(width * 2);
	canvas.height = Math.round(height * 2);
	canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
	return new Promise((resolve, reject) => {
		canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser made no picture."))), "image/png");
	});
}
