"use client";
import { PAPER_DATASETS } from "@atelier/core";
import { Button, Checkbox, Dialog, ErrorState, Field, formatPlural, Input, useToast } from "@atelier/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTRPC } from "~/trpc/client";

/** What fashion is set against in the dataset analysis. */
const CONTRAST = ["electronics", "toys"];

export interface SampleDialogProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
}

export function SampleDialog({ open, onOpenChange }: SampleDialogProps) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const id = useId();
	const [name, setName] = useState("sample");
	const [users, setUsers] = useState("1200");
	const [seed, setSeed] = useState("1");
	const [contrast, setContrast] = useState(false);
	const count = PAPER_DATASETS.length + (contrast ? CONTRAST.length : 0);
	const make = useMutation(
		trpc.datasets.sample.mutationOptions({
			onSuccess: ({ datasets }) => {
				toast({
					title: `Making ${formatPlural(datasets.length, "dataset")}`,
					detail: "Their rows show how far they are.",
				});
				onOpenChange(false);
				return queryClient.invalidateQueries(trpc.datasets.list.pathFilter());
			},
		}),
	);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		make.mutate({ name: name.trim(), users: Number(users), seed: Number(seed), contrast });
	};
	return (
		<Dialog
			open={open}
			onOpenChange={onOpenChange}
			title="Make sample data"
			description={`A synthetic shopping log in the paper's categories: ${PAPER_DATASETS.map(({ title }) => title).join(", ")}. Labelled synthetic wherever it is shown; the same seed makes the same log.`}
			footer={
				<>
					<Button variant="quiet" onClick={() => onOpenChange(false)}>
						Go back
					</Button>
					<Button variant="primary" type="submit" form={`${id}-form`} busy={make.isPending}>
						Make {formatPlural(count, "dataset")}
					</Button>
				</>
			}
		>
			<form id={`${id}-form`} onSubmit={submit} className="grid grid-cols-2 gap-4">
				<Field
					label="Name"
					htmlFor={`${id}-name`}
					hint={`Makes ${name || "sample"}-luggage-bags, ${name || "sample"}-footwear, …`}
					className="col-span-2"
				>
					<Input id={`${id}-name`} required value={name} onChange={({ target }) => setName(target.value)} />
				</Field>
				<Field label="Shoppers a category" htmlFor={`${id}-users`}>
					<Input
						id={`${id}-users`}
						type="number"
						min={50}
						max={200_000}
						required
						value={users}
						onChange={({ target }) => setUsers(target.value)}
					/>
				</Field>
				<Field label="Seed" htmlFor={`${id}-seed`}>
					<Input
						id={`${id}-seed`}
						type="number"
						min={0}
						required
						value={seed}
						onChange={({ target }) => setSeed(target.value)}
					/>
				</Field>
				<Checkbox
					className="col-span-2"
					checked={contrast}
					onChange={({ target }) => setContrast(target.checked)}
					label={`Add ${CONTRAST.join(" and ")}`}
					hint="Contrast for the dataset analysis, in a group of their own: launches on the sample leave them out."
				/>
				{make.isError ? (
					<ErrorState
						className="col-span-2"
						title="The sample was not started."
						message={make.error.message}
						kept="Nothing was written."
					/>
				) : null}
			</form>
		</Dialog>
	);
}
