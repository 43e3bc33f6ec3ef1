const FILES: Record<string, { folder: string; names: string[] }> = {
	atelier: { folder: "/samples/atelier/", names: ["items.csv", "interactions.csv", "exposures.csv"] },
	mapping: { folder: "/samples/mapping/", names: ["mapping.yaml", "products.csv", "orders.csv"] },
	sequences: { folder: "/samples/", names: ["sequences.txt"] },
};

/** Small files of a format to look at, or to import as they are. */
export function SampleFiles({ format }: { format: string }) {
	const sample = FILES[format];
	if (sample === undefined) return null;
	return (
		<p className="text-xs text-ink-muted">
			A small example of this format:{" "}
			{sample.names.map((name, place) => (
				<span key={name}>
					{place === 0 ? null : ", "}
					<a href={`${sample.folder}${name}`} download className="text-accent-strong hover:underline">
						{name}
					</a>
				</span>
			))}
			.
		</p>
	);
}
