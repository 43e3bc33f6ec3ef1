"use client";
import { type Grid, type GridFormat, renderGrid } from "@atelier/core";
import { Button, Menu, MenuItem, MenuLabel, MenuSeparator, useToast } from "@atelier/ui";
import { Copy, Download } from "lucide-react";
import { download } from "./download";

const FILES: Record<GridFormat, { title: string; ending: string; type: string }> = {
	md: { title: "Markdown", ending: "md", type: "text/markdown" },
	csv: { title: "CSV", ending: "csv", type: "text/csv" },
	latex: { title: "LaTeX", ending: "tex", type: "text/x-tex" },
};
const FORMATS: readonly GridFormat[] = ["md", "csv", "latex"];

export interface GridMenuProps {
	/** Name of the file without its ending: `table2`. */
	name: string;
	/** One table, or several that follow each other. */
	grids: () => Grid[];
	/** The same as a paper sets them; else LaTeX is written of the others. */
	paperGrids?: () => Grid[];
}

/** A table as a file or on the clipboard; the same text as `npx atelier table` writes. */
export function GridMenu({ name, grids, paperGrids = grids }: GridMenuProps) {
	const toast = useToast();
	const text = (format: GridFormat) =>
		(format === "latex" ? paperGrids() : grids()).map((grid) => renderGrid(grid, format)).join("\n");
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
				<MenuItem
					key={format}
					icon={<Download />}
					onSelect={() => download(`${name}.${FILES[format].ending}`, text(format), FILES[format].type)}
				>
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
