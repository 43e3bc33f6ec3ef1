"use client";
import { EXPORT_FORMATS, type ExportFormat } from "@atelier/core";
import { Button, Menu, MenuItem, MenuLabel } from "@atelier/ui";
import { Download } from "lucide-react";

const TITLES: Record<ExportFormat, string> = { parquet: "Parquet", csv: "CSV", jsonl: "JSON lines" };

/** A run's results, one test shopper a row; the browser saves them as they come. */
export function RunExport({ id }: { id: string }) {
	const save = (format: ExportFormat) => {
		const link = document.createElement("a");
		link.href = `/api/runs/${id}/export?format=${format}`;
		link.download = "";
		link.click();
	};
	return (
		<Menu
			trigger={
				<Button>
					<Download /> Export
				</Button>
			}
		>
			<MenuLabel>One test shopper a row</MenuLabel>
			{EXPORT_FORMATS.map((format) => (
				<MenuItem key={format} icon={<Download />} onSelect={() => save(format)}>
					{TITLES[format]}
				</MenuItem>
			))}
		</Menu>
	);
}
