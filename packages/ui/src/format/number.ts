const count = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** Thousands separated: `31,662`. */
export function formatCount(value: number): string {
	return count.format(value);
}

/** Three decimals below 1 (`0.279`), two below 100, whole above; non-finite values read as `–`. */
export function formatMetric(value: number): string {
	if (!Number.isFinite(value)) return "–";
	const size = Math.abs(value);
	if (size < 1) return value.toFixed(3);
	return size < 100 ? value.toFixed(2) : formatCount(Math.round(value));
}

/** A share as per cent: `3.2 %`, `0.04 %`. */
export function formatShare(value: number): string {
	const percent = value * 100;
	const decimals = percent === 0 || percent >= 10 ? 0 : percent >= 1 ? 1 : 2;
	return `${percent.toFixed(decimals)} %`;
}

/** Small numbers of very different size, as a density: `2.02e-4`; plain from 0.001 on. */
export function formatScientific(value: number): string {
	if (value === 0) return "0";
	return Math.abs(value) >= 0.001 ? Number(value.toPrecision(3)).toString() : value.toExponential(2);
}

/** `1.4 MB`. */
export function formatBytes(bytes: number): string {
	const units = ["B", "kB", "MB", "GB", "TB"];
	const power = bytes > 0 ? Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3)) : 0;
	const scaled = bytes / 1000 ** power;
	return `${power === 0 ? scaled : scaled.toFixed(1)} ${units[power]}`;
}

/** `1 run`, `5 runs`, `1,024 runs`. */
export function formatPlural(value: number, one: string, many = `${one}s`): string {
	return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** A difference between metrics with its sign: `+0.021`, `−0.014`. */
export function formatDelta(value: number): string {
	return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** `p 0.018`; below what three decimals can tell, `p < 0.001`. */
export function formatP(p: number): string {
	return p < 0.001 ? "p < 0.001" : `p ${p.toFixed(3)}`;
}
