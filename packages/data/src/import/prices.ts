/**
 * SQL for a price out of text: `12.99`, `$12.99`, `1,299.00`, `1.299,00 €`, `12,99`, `USD 12.99`. Null where the text is
 * no single amount: a range, words, a negative number.
 */
export function priceOf(expression: string): string {
	const amount = `regexp_replace(regexp_replace(trim(${expression}), '^(?:${CURRENCY})\\s*|\\s*(?:${CURRENCY})$', '', 'gi'),
		'[\\s\\x{a0}\\x{202f}''’]', '', 'g')`;
	return `CASE
		WHEN regexp_full_match(${amount}, '\\d+(\\.\\d+)?([eE][-+]?\\d{1,2})?|\\.\\d+') THEN try_cast(${amount} AS DOUBLE)
		WHEN regexp_full_match(${amount}, '\\d{1,3}(,\\d{3})+(\\.\\d+)?') THEN try_cast(replace(${amount}, ',', '') AS DOUBLE)
		WHEN regexp_full_match(${amount}, '\\d{1,3}(\\.\\d{3})+,\\d+|\\d{1,3}(\\.\\d{3}){2,}')
			THEN try_cast(replace(replace(${amount}, '.', ''), ',', '.') AS DOUBLE)
		WHEN regexp_full_match(${amount}, '\\d+,\\d{1,2}') THEN try_cast(replace(${amount}, ',', '.') AS DOUBLE)
	END`;
}

/** Signs and codes that stand before or behind an amount. */
const CURRENCY =
	"(?:US|CA|AU|NZ|HK|S|R)?[$€£¥₹₩₽₺₪₫฿]|Rs\\.?|(?:USD|EUR|GBP|JPY|CNY|INR|CAD|AUD|CHF|SEK|NOK|DKK|PLN|BRL|KRW|RMB)\\b|kr\\.?|zł";
