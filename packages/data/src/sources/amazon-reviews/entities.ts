import { z } from "zod";
import type { ImportContext } from "../../import/import-context";
import type { RawTable } from "../../import/raw-table";
import { text } from "../../sql";

/** Named entities that stand in product titles. */
const NAMED: Readonly<Record<string, string>> = {
	quot: '"',
	apos: "'",
	lt: "<",
	gt: ">",
	nbsp: " ",
	ndash: "–",
	mdash: "—",
	lsquo: "‘",
	rsquo: "’",
	ldquo: "“",
	rdquo: "”",
	hellip: "…",
	bull: "•",
	middot: "·",
	trade: "™",
	reg: "®",
	copy: "©",
	deg: "°",
	frac12: "½",
	frac14: "¼",
	times: "×",
	eacute: "é",
	egrave: "è",
	agrave: "à",
	ccedil: "ç",
	ntilde: "ñ",
	ouml: "ö",
	uuml: "ü",
	auml: "ä",
	szlig: "ß",
	euro: "€",
	pound: "£",
	amp: "&",
};

/** More different entities than this are no text's. */
const MOST = 200;

/**
 * SQL for texts of these columns with their HTML entities decoded, as the shop's pages had them: `Women&#39;s` is
 * `Women's`. Only entities that occur are looked for.
 */
export async function entityDecoder(
	{ db }: ImportContext,
	raw: RawTable,
	columns: readonly string[],
): Promise<(expression: string) => string> {
	const texts = columns.map((name) => `SELECT ${raw.json(name)} AS words FROM ${raw.table}`).join(" UNION ALL ");
	const found = await db.all(
		z.object({ entity: z.string() }),
		`SELECT DISTINCT unnest(regexp_extract_all(words, '&(?:#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,8});')) AS entity
		FROM (${texts}) WHERE contains(words, '&') ORDER BY entity LIMIT ${MOST}`,
	);
	const pairs = found.flatMap(({ entity }) => {
		const character = characterOf(entity.slice(1, -1));
		return character === null ? [] : [{ entity, character }];
	});
	// The ampersand last, since it begins all others: `&amp;lt;` is `&lt;`.
	pairs.sort((a, b) => Number(a.character === "&") - Number(b.character === "&"));
	return (expression) =>
		pairs.reduce((sql, { entity, character }) => `replace(${sql}, ${text(entity)}, ${text(character)})`, expression);
}

/** What an entity stands for; null for one that this list does not know. */
function characterOf(name: string): string | null {
	if (!name.startsWith("#")) return NAMED[name] ?? null;
	const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
	const isCharacter = code >= 32 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
	return isCharacter ? String.fromCodePoint(code) : null;
}
