"use client";
import { Button, cn, formatBytes, IconButton } from "@atelier/ui";
import { FileUp, X } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { readDropped } from "./read-dropped";

export interface DropZoneProps {
	id: string;
	files: readonly File[];
	onAdd: (files: File[]) => void;
	onRemove: (file: File) => void;
	invalid?: boolean;
	disabled?: boolean;
}

/** Where files and folders are dropped, or chosen with the keyboard. */
export function DropZone({ id, files, onAdd, onRemove, invalid, disabled }: DropZoneProps) {
	const [isOver, setOver] = useState(false);
	const filesInput = useRef<HTMLInputElement>(null);
	const folderInput = useRef<HTMLInputElement>(null);
	const drop = async (event: DragEvent) => {
		event.preventDefault();
		setOver(false);
		if (!disabled) onAdd(await readDropped(event.dataTransfer));
	};
	const choose = (input: HTMLInputElement) => {
		// Of a folder, what lies in it itself.
		onAdd([...(input.files ?? [])].filter((file) => file.webkitRelativePath.split("/").length <= 2));
		input.value = "";
	};
	return (
		<div className="grid gap-2">
			{/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is beside the buttons, which do the same by keyboard */}
			<div
				onDragOver={(event) => {
					event.preventDefault();
					setOver(true);
				}}
				onDragLeave={() => setOver(false)}
				onDrop={(event) => void drop(event)}
				className={cn(
					"flex flex-col items-center gap-2 rounded-md border border-dashed px-4 py-5 text-center text-sm text-ink-muted transition-colors duration-150",
					isOver ? "border-accent bg-hover" : invalid ? "border-failed" : "border-line-strong",
				)}
			>
				<FileUp aria-hidden className="size-5 text-ink-faint" />
				<span>Drop files or a folder here, or</span>
				<span className="flex flex-wrap justify-center gap-2">
					<Button size="sm" disabled={disabled} onClick={() => filesInput.current?.click()}>
						Choose files
					</Button>
					<Button size="sm" disabled={disabled} onClick={() => folderInput.current?.click()}>
						Choose a folder
					</Button>
				</span>
				<input
					ref={filesInput}
					id={id}
					type="file"
					multiple
					tabIndex={-1}
					aria-label="Files to import"
					className="sr-only"
					onChange={({ currentTarget }) => choose(currentTarget)}
				/>
				<input
					ref={folderInput}
					type="file"
					webkitdirectory=""
					tabIndex={-1}
					aria-label="Folder to import"
					className="sr-only"
					onChange={({ currentTarget }) => choose(currentTarget)}
				/>
			</div>
			{files.length > 0 ? (
				<ul aria-label="Chosen files" className="max-h-40 divide-y overflow-y-auto rounded-md border text-xs">
					{files.map((file) => (
						<li key={file.name} className="flex items-center gap-3 py-1 pr-1 pl-3">
							<span className="min-w-0 flex-1 truncate font-mono">{file.name}</span>
							<span className="text-ink-faint tabular-nums">{formatBytes(file.size)}</span>
							<IconButton label={`Leave out ${file.name}`} disabled={disabled} onClick={() => onRemove(file)}>
								<X />
							</IconButton>
						</li>
					))}
				</ul>
			) : null}
		</div>
	);
}
