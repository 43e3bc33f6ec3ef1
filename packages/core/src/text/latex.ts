import { visibleText } from "./visible-text";

const SPECIAL: Readonly<Record<string, string>> = {
	"\\": "\\textbackslash{}",
	"~": "\\textasciitilde{}",
	"^": "\\textasciicircum{}",
	"<": "\\textless{}",
	">": "\\textgreater{}",
	"|": "\\textbar{}",
	'"': "\\symbol{34}",
	"`": "\\textasciigrave{}",
	"–": "--",
	"—": "---",
	"×": "$\\times$",
	"±": "$\\pm$",
	"≤": "$\\leq$",
	"≥": "$\\geq$",
	"−": "$-$",
	Δ: "$\\Delta$",
	"†": "$^{\\dagger}$",
};

/** Text inside LaTeX's text mode that reads as it is, in any font encoding. */
export function latexText(text: string): string {
	return visibleText(text).replace(
		/[\\~^<>|"`–—×±≤≥−Δ†]|[&%$#_{}]/g,
		(character) => SPECIAL[character] ?? `\\${character}`,
	);
}
