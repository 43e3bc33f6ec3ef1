"use client";
import { visibleLines } from "@atelier/core";
import { Button, Checkbox, Dialog, ErrorState, Field, Input, ProgressBar, Select, useToast } from "@atelier/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { methodLook } from "~/features/methods";
import { DropZone } from "~/features/uploads/drop-zone";
import { useTRPC } from "~/trpc/client";
import { CheckResult } from "./check-result";
import { MappingFields } from "./mapping-fields";
import { EMPTY_OUTSIDE, methodFromFile, type OutsideErrors, type OutsideForm, prepareOutside } from "./outside-form";
import { useOutsideImport } from "./use-outside-import";

export interface ImportRunDialogProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
}

/** A file of ranks becomes a run: first it is checked, and what was found is shown; then it is imported. */
export function ImportRunDialog({ open, onOpenChange }: ImportRunDialogProps) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const router = useRouter();
	const toast = useToast();
	const id = useId();
	const [form, setForm] = useState<OutsideForm>(EMPTY_OUTSIDE);
	const [errors, setErrors] = useState<OutsideErrors>({});
	/** What was checked is what stands in the form. */
	const [isFresh, setFresh] = useState(false);
	const datasets = useQuery({ ...trpc.datasets.list.queryOptions(), enabled: open });
	const outside = useOutsideImport();
	const { state, started, isBusy, asked } = outside;
	const report = state?.report ?? null;
	const isClean = isFresh && !isBusy && asked?.dryRun === true && state?.status === "succeeded";

	const set = (change: Partial<OutsideForm>) => {
		setForm((current) => ({ ...current, ...change }));
		setErrors({});
		setFresh(false);
	};
	const ask = (dryRun: boolean) => {
		const prepared = prepareOutside(form);
		if ("errors" in prepared) return setErrors(prepared.errors);
		setFresh(true);
		outside.start({ ...prepared, dryRun });
	};
	const submit = (event: FormEvent) => {
		event.preventDefault();
		ask(!isClean);
	};
	const runId = asked?.dryRun === false && state?.status === "succeeded" ? state.runId : null;
	const leave = useRef((_: string) => undefined);
	leave.current = (run) => {
		toast({
			title: state?.wasThere ? "The same ranks were there already" : "Imported",
			detail: "It is measured next.",
		});
		void queryClient.invalidateQueries(trpc.runs.pathFilter());
		setForm(EMPTY_OUTSIDE);
		outside.reset();
		onOpenChange(false);
		router.push(`/runs/${run}`);
		return undefined;
	};
	useEffect(() => {
		if (runId !== null) leave.current(runId);
	}, [runId]);

	const split = started
		? `Held against the split of run ${started.like.run.slice(0, 8)} (${methodLook(started.like.method).title}, preset ${started.like.preset}): ${started.protocol}.`
		: "";
	const { progress } = outside.upload;
	return (
		<Dialog
			open={open}
			onOpenChange={onOpenChange}
			title="Import a run"
			description="Ranks or lists that a method made elsewhere, one shopper a row, become a run of an outside method. The file is checked first."
			className="max-w-2xl"
			footer={
				<>
					{progress !== null ? (
						<Button variant="quiet" onClick={outside.upload.stop}>
							Stop the upload
						</Button>
					) : outside.isChecking ? (
						<Button variant="quiet" onClick={outside.cancel}>
							Stop checking
						</Button>
					) : (
						<Button variant="quiet" onClick={() => onOpenChange(false)}>
							Go back
						</Button>
					)}
					<Button variant="primary" type="submit" form={`${id}-form`} busy={isBusy}>
						{isClean ? "Import run" : report === null ? "Check file" : "Check again"}
					</Button>
				</>
			}
		>
			<form id={`${id}-form`} onSubmit={submit} className="grid gap-4 sm:grid-cols-2">
				<Field
					label="File"
					htmlFor={`${id}-file`}
					error={errors.file}
					hint="CSV, TSV, JSON lines or Parquet. It is removed from Atelier once its run is made."
					className="sm:col-span-2"
				>
					<DropZone
						id={`${id}-file`}
						files={form.file === null ? [] : [form.file]}
						invalid={errors.file !== undefined}
						disabled={isBusy}
						onAdd={(files) => {
							const file = files.at(-1) ?? null;
							outside.reset();
							set({
								file,
								columns: null,
								...(file !== null && form.method === "" && { method: methodFromFile(file) }),
							});
						}}
						onRemove={() => {
							outside.reset();
							set({ file: null, columns: null });
						}}
					/>
				</Field>
				<Field label="Dataset" htmlFor={`${id}-dataset`} error={errors.dataset}>
					<Select
						id={`${id}-dataset`}
						className="w-full"
						value={form.dataset}
						disabled={isBusy}
						onChange={({ target }) => set({ dataset: target.value })}
					>
						<option value="">Choose one</option>
						{(datasets.data ?? [])
							.filter(({ status }) => status === "ready")
							.map(({ name }) => (
								<option key={name} value={name}>
									{name}
								</option>
							))}
					</Select>
				</Field>
				<Field
					label="Method"
					htmlFor={`${id}-method`}
					error={errors.method}
					hint="Shown as outside wherever it stands."
				>
					<Input
						id={`${id}-method`}
						placeholder="SASRec (RecBole)"
						value={form.method}
						aria-invalid={errors.method ? true : undefined}
						onChange={({ target }) => set({ method: target.value })}
					/>
				</Field>
				<Field label="Setting" htmlFor={`${id}-setting`}>
					<Select
						id={`${id}-setting`}
						className="w-full"
						value={form.setting}
						disabled={isBusy}
						onChange={({ target }) => set({ setting: target.value })}
					>
						<option value="full">All data</option>
						<option value="cold-start">Cold start</option>
					</Select>
				</Field>
				<Field label="Seed" htmlFor={`${id}-seed`} error={errors.seed}>
					<Input
						id={`${id}-seed`}
						inputMode="numeric"
						className="tabular-nums"
						value={form.seed}
						aria-invalid={errors.seed ? true : undefined}
						onChange={({ target }) => set({ seed: target.value })}
					/>
				</Field>
				<Field
					label="Split of run"
					htmlFor={`${id}-like`}
					hint="Optional: its id. The newest run of the dataset where nothing is said."
					className="sm:col-span-2"
				>
					<Input
						id={`${id}-like`}
						className="font-mono text-xs"
						value={form.like}
						onChange={({ target }) => set({ like: target.value })}
					/>
				</Field>
				<div className="grid gap-2 sm:col-span-2">
					<Checkbox
						label="Leave out rows of shoppers who are no test shoppers"
						checked={form.ignoreUnknown}
						disabled={isBusy}
						onChange={({ target }) => set({ ignoreUnknown: target.checked })}
					/>
					<Checkbox
						label="Count test shoppers without a row as missed"
						hint="Both are said beside the figures from then on."
						checked={form.missingAsMissed}
						disabled={isBusy}
						onChange={({ target }) => set({ missingAsMissed: target.checked })}
					/>
				</div>
				<div className="grid gap-4 sm:col-span-2">
					{progress === null ? null : (
						<ProgressBar label="Uploading" done={progress.sentBytes} total={progress.totalBytes} unit="bytes" />
					)}
					{outside.isChecking && state?.progress ? (
						<ProgressBar
							label={state.progress.step}
							done={state.progress.done}
							total={state.progress.total}
							unit={state.progress.unit}
						/>
					) : null}
					{report === null ? null : (
						<MappingFields
							id={id}
							names={report.columns}
							preview={report.preview}
							chosen={form.columns ?? report.mapping ?? {}}
							error={errors.columns}
							disabled={isBusy}
							onChange={(columns) => set({ columns })}
						/>
					)}
					{report !== null && isFresh && !isBusy ? <CheckResult report={report} split={split} /> : null}
					{outside.error !== null || (state?.error && report === null) ? (
						<ErrorState
							title="The file could not be taken."
							message={visibleLines(outside.error ?? state?.error ?? "")}
							kept="Nothing was imported."
						/>
					) : null}
				</div>
			</form>
		</Dialog>
	);
}
