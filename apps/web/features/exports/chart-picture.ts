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
const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * A chart as an SVG file that stands by itself: colours and fonts written out as the page shows them now, on the
 * page's ground, with the title above.
 *
 * @throws Error for a figure without a drawing
 */
export function chartSvg(figure: Element, title: string): { text: string; width: number; height: number } {
	const drawing = figure.querySelector<SVGSVGElement>("svg.recharts-surface");
	if (drawing === null) throw new Error("There is no drawing yet.");
	const { width, height } = drawing.getBoundingClientRect();
	const copy = drawing.cloneNode(true);
	if (!(copy instanceof SVGSVGElement)) throw new Error("The drawing is no SVG.");
	writeStyles(drawing, copy);
	copy.setAttribute("y", String(TITLE_HEIGHT));
	const root = getComputedStyle(document.body);
	const outer = document.createElementNS(NAMESPACE, "svg");
	outer.setAttribute("xmlns", NAMESPACE);
	outer.setAttribute("width", String(width));
	outer.setAttribute("height", String(height + TITLE_HEIGHT));
	const ground = document.createElementNS(NAMESPACE, "rect");
	ground.setAttribute("width", "100%");
	ground.setAttribute("height", "100%");
	ground.setAttribute("fill", root.backgroundColor);
	const head = document.createElementNS(NAMESPACE, "text");
	head.setAttribute("x", "8");
	head.setAttribute("y", "20");
	head.setAttribute("fill", root.color);
	head.setAttribute("font-family", root.fontFamily);
	head.setAttribute("font-size", "13");
	head.setAttribute("font-weight", "500");
	head.textContent = title;
	outer.append(ground, head, copy);
	return { text: new XMLSerializer().serializeToString(outer), width, height: height + TITLE_HEIGHT };
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
export async function chartPng(figure: Element, title: string): Promise<Blob> {
	const { text, width, height } = chartSvg(figure, title);
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
