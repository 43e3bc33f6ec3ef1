"use client";
import { Button, Dialog, ErrorState, Field, Input, Select, useToast } from "@atelier/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTRPC } from "~/trpc/client";
import { EMPTY_IMPORT, type ImportErrors, type ImportForm, nameFromPath, prepareImport } from "./import-form";
import { SampleFiles } from "./sample-files";

export interface ImportDialogProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
}

export function ImportDialog({ open, onOpenChange }: ImportDialogProps) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const id = useId();
	const [form, setForm] = useState<ImportForm>(EMPTY_IMPORT);
	const [nameTouched, setNameTouched] = useState(false);
	const [errors, setErrors] = useState<ImportErrors>({});
	const formats = useQuery({
		...trpc.datasets.formats.queryOptions(),
		enabled: open,
		staleTime: Number.POSITIVE_INFINITY,
	});
	const start = useMutation(
		trpc.datasets.import.mutationOptions({
			onSuccess: ({ name }) => {
				toast({ title: `Importing ${name}`, detail: "Its row shows how far it is." });
				setForm(EMPTY_IMPORT);
				setNameTouched(false);
				onOpenChange(false);
				return queryClient.invalidateQueries(trpc.datasets.list.pathFilter());
			},
		}),
	);
	const set = (change: Partial<ImportForm>) => {
		setForm((current) => {
			const next = { ...current, ...change };
			return change.path !== undefined && !nameTouched ? { ...next, name: nameFromPath(change.path) } : next;
		});
		setErrors({});
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const prepared = prepareImport(form);
		if ("errors" in prepared) setErrors(prepared.errors);
		else start.mutate(prepared.request);
	};
	const chosen = formats.data?.formats.find((format) => format.id === form.format);
	const isShipped = formats.data?.mappings.some((mapping) => mapping.id === form.mapping) ?? true;
	return (
		<Dialog
			open={open}
			onOpenChange={onOpenChange}
			title="Import a dataset"
			description="Files stay where they are; Atelier writes its own copy. Rows that do not fit are set aside with line number and reason."
			footer={
				<>
					<Button variant="quiet" onClick={() => onOpenChange(false)}>
						Go back
					</Button>
					<Button variant="primary" type="submit" form={`${id}-form`} busy={start.isPending}>
						Import {form.name || "dataset"}
					</Button>
				</>
			}
		>
			<form id={`${id}-form`} onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
				<Field label="Format" htmlFor={`${id}-format`} hint={chosen?.description} className="sm:col-span-2">
					<Select
						id={`${id}-format`}
						className="w-full"
						value={form.format}
						onChange={({ target }) => {
							const format = formats.data?.formats.find((candidate) => candidate.id === target.value);
							if (format) set({ format: format.id });
						}}
					>
						{(formats.data?.formats ?? [{ id: form.format }]).map((format) => (
							<option key={format.id} value={format.id}>
								{format.id}
							</option>
						))}
					</Select>
				</Field>
				<Field
					label="File or folder"
					htmlFor={`${id}-path`}
					error={errors.path}
					hint="Absolute path on the machine that runs Atelier."
					className="sm:col-span-2"
				>
					<Input
						id={`${id}-path`}
						className="font-mono text-xs"
						placeholder="/data/shop"
						value={form.path}
						aria-invalid={errors.path ? true : undefined}
						onChange={({ target }) => set({ path: target.value })}
					/>
				</Field>
				{form.format === "mapping" ? (
					<Field
						label="Mapping"
						htmlFor={`${id}-mapping`}
						error={errors.mapping}
						hint={
							formats.data?.mappings.find((mapping) => mapping.id === form.mapping)?.description ??
							"A YAML file that names the columns."
						}
						className="sm:col-span-2"
					>
						<Select
							id={`${id}-mapping`}
							className="w-full"
							value={isShipped ? form.mapping : "file"}
							onChange={({ target }) => set({ mapping: target.value === "file" ? "" : target.value })}
						>
							{formats.data?.mappings.map((mapping) => (
								<option key={mapping.id} value={mapping.id}>
									{mapping.id}
								</option>
							))}
							<option value="file">A YAML file of mine</option>
						</Select>
						{isShipped ? null : (
							<Input
								aria-label="Path of the mapping file"
								className="font-mono text-xs"
								placeholder="/data/mapping.yaml"
								value={form.mapping}
								onChange={({ target }) => set({ mapping: target.value })}
							/>
						)}
					</Field>
				) : null}
				{form.format === "sequences" ? (
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
							onChange={({ target }) => set({ itemsPath: target.value })}
						/>
					</Field>
				) : null}
				<Field label="Name" htmlFor={`${id}-name`} error={errors.name} className="sm:col-span-2">
					<Input
						id={`${id}-name`}
						placeholder="shop"
						value={form.name}
						aria-invalid={errors.name ? true : undefined}
						onChange={({ target }) => {
							setNameTouched(true);
							set({ name: target.value });
						}}
					/>
				</Field>
				<Field label="Group" htmlFor={`${id}-group`} error={errors.group} hint="Optional. Launches may name it.">
					<Input id={`${id}-group`} value={form.group} onChange={({ target }) => set({ group: target.value })} />
				</Field>
				<Field
					label="Rejected rows allowed, %"
					htmlFor={`${id}-rejected`}
					error={errors.maxRejected}
					hint="Past this share the import fails."
				>
					<Input
						id={`${id}-rejected`}
						inputMode="decimal"
						className="tabular-nums"
						value={form.maxRejected}
						onChange={({ target }) => set({ maxRejected: target.value })}
					/>
				</Field>
				<div className="sm:col-span-2">
					<SampleFiles format={form.format} />
				</div>
				{start.isError ? (
					<ErrorState
						className="sm:col-span-2"
						title="The import was not started."
						message={start.error.message}
						kept="Nothing was written."
					/>
				) : null}
			</form>
		</Dialog>
	);
}
