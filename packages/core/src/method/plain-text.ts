/** What cannot be seen, except the joiners and variation selectors that spelling needs; these can make no mark. */
const UNSEEN =
	/(?!\u200c|\u200d|\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]/gu;

/**
 * Text that cannot be taken for the prompt's own marks, and that reads the same inside JSON and outside. What makes a
 * mark becomes what looks like it: angle brackets (tags, special tokens, queries) round ones, double quotes (inches in
 * titles) two single ones, backslashes slashes, headings (`### Response:`) one `#`. Blanks and line breaks become one
 * space, and what cannot be seen goes. Ordinary text without those marks stays as it is, and plain text stays plain.
 * Prompts, responses and comparisons of titles all pass through it; `plain_text` of the trainer does the same
 * (test/fixtures/hostile-titles.json holds both to it).
 */
export function plainText(text: string): string {
	return (
		text
			.replace(UNSEEN, "")
			.replace(/\p{Cs}/gu, "\ufffd")
			.replace(/[\p{Cc}\s]+/gu, " ")
			.trim()
			// Full-width forms too: a tokenizer that normalises (NFKC) would make the mark of them.
			.replace(/[<\uff1c\ufe64]/g, "(")
			.replace(/[>\uff1e\ufe65]/g, ")")
			.replace(/["\uff02]/g, "''")
			.replace(/[\\\uff3c\ufe68]/g, "/")
			.replace(/[#\uff03\ufe5f]{3,}/g, "#")
			// The list of candidate ids, the next event of a compact history, and the id in front of a compact product.
			.replace(/(candidate product ids ?: ?)\[/gi, "$1(")
			.replace(/;(?= (?:searched|clicked|bought) )/gi, ",")
			.replace(/^(\d+(?:-\d+)?): /, "$1 - ")
	);
}

/**
 * A title that was generated, as the catalogue has it: `titleOfId`, the title of the generated id, where the two are the
 * same but for what {@link plainText} writes otherwise.
 */
export function catalogueTitle(generated: string, titleOfId: string | null): string {
	return titleOfId !== null && plainText(titleOfId) === plainText(generated) ? titleOfId : generated;
}
