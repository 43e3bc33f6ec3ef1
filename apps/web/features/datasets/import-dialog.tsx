"use client";
import { Button, Dialog, ErrorState, Field, Input, ProgressBar, Select, useToast } from "@atelier/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import type { ChosenFile } from "~/features/uploads/chosen-files";
import { useUpload } from "~/features/uploads/use-upload";
import { useTRPC, useTRPCClient } from "~/trpc/client";
import {
	EMPTY_IMPORT,
	type ImportErrors,
	type ImportForm,
	type ImportRequest,
	nameFromFiles,
	nameFromPath,
	prepareImport,
} from "./import-form";
import { ImportSource } from "./import-source";
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
	const client = useTRPCClient();
	const { upload, progress, stop } = useUpload();
	const start = useMutation({
		mutationFn: async ({ request, files }: { request: ImportRequest; files: ChosenFile[] }) =>
			client.datasets.import.mutate(files.length > 0 ? { ...request, upload: await upload(files) } : request),
		onSuccess: ({ name }) => {
			toast({ title: `Importing ${name}`, detail: "Its row shows how far it is." });
			setForm(EMPTY_IMPORT);
			setNameTouched(false);
			onOpenChange(false);
			return queryClient.invalidateQueries(trpc.datasets.list.pathFilter());
		},
	});
	const busy = start.isPending;
	const set = (change: Partial<ImportForm>) => {
		setForm((current) => {
			const next = { ...current, ...change };
			if (nameTouched) return next;
			if (change.path !== undefined) return { ...next, name: nameFromPath(change.path) };
			return change.files !== undefined ? { ...next, name: nameFromFiles(change.files) } : next;
		});
		setErrors({});
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		const prepared = prepareImport(form);
		if ("errors" in prepared) setErrors(prepared.errors);
		else start.mutate(prepared);
	};
	const chosen = formats.data?.formats.find((format) => format.id === form.format);
	return (
		<Dialog
			open={open}
			onOpenChange={onOpenChange}
			title="Import a dataset"
			description="Atelier writes its own copy. Rows that do not fit are set aside with line number and reason."
			footer={
				<>
					{progress === null ? (
						<Button variant="quiet" onClick={() => onOpenChange(false)}>
							Go back
						</Button>
					) : (
						<Button variant="quiet" onClick={stop}>
							Stop the upload
						</Button>
					)}
					<Button variant="primary" type="submit" form={`${id}-form`} busy={busy}>
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
				<ImportSource id={id} form={form} errors={errors} formats={formats.data} busy={busy} onChange={set} />
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
				{progress === null ? null : (
					<ProgressBar
						className="sm:col-span-2"
						label="Uploading"
						done={progress.sentBytes}
						total={progress.totalBytes}
						unit="bytes"
					/>
				)}
				{start.isError ? (
					<ErrorState
						className="sm:col-span-2"
						title="The import was not started."
						message={start.error.message}
						kept={
							form.from === "here"
								? "What was uploaded is kept for a day: the same files go on where they stopped."
								: "Nothing was written."
						}
					/>
				) : null}
			</form>
		</Dialog>
	);
}
