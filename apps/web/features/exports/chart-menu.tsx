"use client";
import { type Grid, renderGrid } from "@atelier/core";
import { IconButton, Menu, MenuItem, MenuLabel, useToast } from "@atelier/ui";
import { Download } from "lucide-react";
import { useRef } from "react";
import { chartPng, chartSvg } from "./chart-picture";
import { download } from "./download";

export interface ChartMenuProps {
	/** Name of the files without their ending: `figure6-sample-footwear`. */
	name: string;
	/** Written above the drawing. */
	title: string;
	/** Written below it: labels, and what its marks are. */
	notes?: readonly string[];
	/** The values behind it. */
	data: () => Grid;
}

/** A chart as SVG, PNG or its data; stands inside the chart's own figure. */
export function ChartMenu({ name, title, notes = [], data }: ChartMenuProps) {
	const here = useRef<HTMLSpanElement>(null);
	const toast = useToast();
	const save = async (picture: (figure: Element) => Promise<Blob>, ending: string) => {
		const figure = here.current?.closest("figure");
		try {
			if (figure) download(`${name}.${ending}`, await picture(figure));
		} catch (error) {
			toast({ title: "The picture could not be made", detail: error instanceof Error ? error.message : undefined });
		}
	};
	const svg = async (figure: Element) =>
		new Blob([(await chartSvg(figure, title, notes)).text], { type: "image/svg+xml" });
	return (
		<span ref={here}>
			<Menu
				trigger={
					<IconButton label={`Export: ${title}`} className="-my-1.5">
						<Download />
					</IconButton>
				}
			>
				<MenuLabel>Download</MenuLabel>
				<MenuItem icon={<Download />} onSelect={() => void save(svg, "svg")}>
					SVG
				</MenuItem>
				<MenuItem icon={<Download />} onSelect={() => void save((figure) => chartPng(figure, title, notes), "png")}>
					PNG
				</MenuItem>
				<MenuItem icon={<Download />} onSelect={() => download(`${name}.csv`, renderGrid(data(), "csv"), "text/csv")}>
					CSV
				</MenuItem>
			</Menu>
		</span>
	);
}
