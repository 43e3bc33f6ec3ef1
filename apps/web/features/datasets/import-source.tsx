"use client";
import { Field, Input, Select } from "@atelier/ui";
import { joined } from "~/features/uploads/chosen-files";
import { DropZone } from "~/features/uploads/drop-zone";
import type { Outputs } from "~/trpc/client";
import type { ImportErrors, ImportForm } from "./import-form";

export interface ImportSourceProps {
	/** Begins the ids of the fields. */
	id: string;
	form: ImportForm;
	errors: ImportErrors;
	formats: Outputs["datasets"]["formats"] | undefined;
	busy: boolean;
	onChange: (change: Partial<ImportForm>) => void;
}

/** Where the log comes from: files of this computer, or a path that Atelier can read itself; and how it is read. */
export function ImportSource({ id, form, errors, formats, busy, onChange }: ImportSourceProps) {
	const isPath = form.from === "there";
	return (
		<>
			<Field label="From" htmlFor={`${id}-from`} className="sm:col-span-2">
				<Select
					id={`${id}-from`}
					className="w-full"
					value={form.from}
					disabled={busy}
					onChange={({ target }) => onChange({ from: target.value === "there" ? "there" : "here" })}
				>
					<option value="here">Files of this computer</option>
					<option value="there">A path on the machine that runs Atelier</option>
				</Select>
			</Field>
			{isPath ? (
				<Field
					label="File or folder"
					htmlFor={`${id}-path`}
					error={errors.path}
					hint="Absolute path, below a folder that whoever runs Atelier has opened (ATELIER_FILES)."
					className="sm:col-span-2"
				>
					<Input
						id={`${id}-path`}
						className="font-mono text-xs"
						placeholder="/data/shop"
						value={form.path}
						aria-invalid={errors.path ? true : undefined}
						onChange={({ target }) => onChange({ path: target.value })}
					/>
				</Field>
			) : (
				<Field
					label="Files"
					htmlFor={`${id}-files`}
					error={errors.files}
					hint={FILES_HINT[form.format] ?? "They are removed from Atelier once they are imported."}
					className="sm:col-span-2"
				>
					<DropZone
						id={`${id}-files`}
						files={form.files}
						invalid={errors.files !== undefined}
						disabled={busy}
						onAdd={(files) => onChange({ files: joined(form.files, files) })}
						onRemove={(file) => onChange({ files: form.files.filter((one) => one !== file) })}
					/>
				</Field>
			)}
			{form.format === "mapping" ? <MappingField {...{ id, form, errors, formats, onChange }} /> : null}
			{form.format === "sequences" && isPath ? (
				<Field
					label="Item file"
					htmlFor={`${id}-items`}
					error={errors.itemsPath}
					hint="Optional: a CSV with titles and attributes."
					className="sm:col-span-2"
				>
					<Input
						id={`${id}-items`}
						className="font-mono text-xs"
						value={form.itemsPath}
						onChange={({ target }) => onChange({ itemsPath: target.value })}
					/>
				</Field>
			) : null}
		</>
	);
}

const FILES_HINT: Partial<Record<ImportForm["format"], string>> = {
	sequences: "The sequences, and a CSV with titles and attributes where there is one.",
	mapping: "The log's files, and the YAML file where the mapping is your own.",
};

function MappingField({ id, form, errors, formats, onChange }: Omit<ImportSourceProps, "busy">) {
	const isShipped = formats?.mappings.some((mapping) => mapping.id === form.mapping) ?? true;
	const description = formats?.mappings.find((mapping) => mapping.id === form.mapping)?.description;
	const ownHint = form.from === "there" ? "A YAML file that names the columns." : "Add it to the files above.";
	return (
		<Field
			label="Mapping"
			htmlFor={`${id}-mapping`}
			error={errors.mapping}
			hint={description ?? ownHint}
			className="sm:col-span-2"
		>
			<Select
				id={`${id}-mapping`}
				className="w-full"
				value={isShipped ? form.mapping : "file"}
				onChange={({ target }) => onChange({ mapping: target.value === "file" ? "" : target.value })}
			>
				{formats?.mappings.map((mapping) => (
					<option key={mapping.id} value={mapping.id}>
						{mapping.id}
					</option>
				))}
				<option value="file">A YAML file of mine</option>
			</Select>
			{isShipped || form.from === "here" ? null : (
				<Input
					aria-label="Path of the mapping file"
					className="font-mono text-xs"
					placeholder="/data/mapping.yaml"
					value={form.mapping}
					onChange={({ target }) => onChange({ mapping: target.value })}
				/>
			)}
		</Field>
	);
}
