import { cleanText, text } from "../../sql";

const PLACEHOLDER = /\{([^{}]+)\}/g;

/** Columns that a template such as `{index_group_name} {product_type_name}` names. */
export function templateColumns(template: string): string[] {
	return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? "");
}

/** SQL for a template's text in lower case; null where one of its columns is empty. */
export function templateText(template: string, value: (column: string) => string): string {
	const parts: string[] = [];
	let end = 0;
	for (const match of template.matchAll(PLACEHOLDER)) {
		parts.push(text(template.slice(end, match.index)), cleanText(value(match[1] ?? "")));
		end = match.index + match[0].length;
	}
	parts.push(text(template.slice(end)));
	return `lower(${cleanText(`(${parts.join(" || ")})`)})`;
}
