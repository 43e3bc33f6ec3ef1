"use client";
import { type GridFormat, METHODS, renderGrid, table2Grid } from "@atelier/core";
import { Button, Menu, MenuItem, MenuLabel, MenuSeparator, useToast } from "@atelier/ui";
import { Copy, Download } from "lucide-react";
import type { Benchmark } from "./prepare-benchmark";

const FILES: Record<GridFormat, { title: string; name: string; type: string }> = {
	md: { title: "Markdown", name: "table2.md", type: "text/markdown" },
	csv: { title: "CSV", name: "table2.csv", type: "text/csv" },
	latex: { title: "LaTeX", name: "table2.tex", type: "text/x-tex" },
};
const FORMATS: readonly GridFormat[] = ["md", "csv", "latex"];
const TITLES = new Map<string, string>(METHODS.map(({ id, title }) => [id, title]));

/** The table as a file or on the clipboard; the same text as `npx atelier table 2`. */
export function ExportMenu({ benchmark }: { benchmark: Benchmark }) {
	const toast = useToast();
	const text = (format: GridFormat) => renderGrid(table2Grid(benchmark.datasets, TITLES), format);
	const download = (format: GridFormat) => {
		const { name, type } = FILES[format];
		const url = URL.createObjectURL(new Blob([text(format)], { type }));
		const link = document.createElement("a");
		link.href = url;
		link.download = name;
		link.click();
		URL.revokeObjectURL(url);
	};
	const copy = async (format: GridFormat) => {
		await navigator.clipboard.writeText(text(format));
		toast({ title: `Copied as ${FILES[format].title}` });
	};
	return (
		<Menu
			trigger={
				<Button>
					<Download /> Export
				</Button>
			}
		>
			<MenuLabel>Download</MenuLabel>
			{FORMATS.map((format) => (
				<MenuItem key={format} icon={<Download />} onSelect={() => download(format)}>
					{FILES[format].title}
				</MenuItem>
			))}
			<MenuSeparator />
			<MenuLabel>Copy</MenuLabel>
			{FORMATS.map((format) => (
				<MenuItem key={format} icon={<Copy />} onSelect={() => void copy(format)}>
					{FILES[format].title}
				</MenuItem>
			))}
		</Menu>
	);
}
