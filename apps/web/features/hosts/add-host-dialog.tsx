"use client";
import { Button, Dialog, ErrorState, Field, Input, Select, useToast } from "@atelier/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTRPC } from "~/trpc/client";
import { EMPTY_HOST, type HostForm, prepareHost } from "./prepare-hosts";

export interface AddHostDialogProps {
	open: boolean;
	onOpenChange: (open: boolean) => void;
}

/** Keeps what was typed until the host is there: also when it is closed, and when the host refuses. */
export function AddHostDialog({ open, onOpenChange }: AddHostDialogProps) {
	const trpc = useTRPC();
	const queryClient = useQueryClient();
	const toast = useToast();
	const id = useId();
	const [form, setForm] = useState<HostForm>(EMPTY_HOST);
	const [tried, setTried] = useState(false);
	const prepared = prepareHost(form);
	const errors = tried && "errors" in prepared ? prepared.errors : {};
	const hasEnvironmentError = errors.python !== undefined || errors.artifactsUrl !== undefined;
	const add = useMutation(
		trpc.hosts.add.mutationOptions({
			onSuccess: ({ name }) => {
				toast({ title: `Added ${name}`, detail: "Launches can run there now." });
				setForm(EMPTY_HOST);
				setTried(false);
				onOpenChange(false);
				return queryClient.invalidateQueries(trpc.hosts.pathFilter());
			},
		}),
	);
	const submit = (event: FormEvent) => {
		event.preventDefault();
		setTried(true);
		if ("request" in prepared) add.mutate(prepared.request);
	};
	const field = (name: keyof HostForm) => ({
		id: `${id}-${name}`,
		value: form[name],
		"aria-invalid": errors[name] ? true : undefined,
		onChange: ({ target }: { target: { value: string } }) => setForm({ ...form, [name]: target.value }),
	});
	return (
		<Dialog
			open={open}
			onOpenChange={onOpenChange}
			title="Add a GPU host"
			description="A Ray cluster that asks for a token. A worker looks at it first, and only one that can be used is added."
			footer={
				<>
					<Button variant="quiet" onClick={() => onOpenChange(false)}>
						Go back
					</Button>
					<Button variant="primary" type="submit" form={`${id}-form`} busy={add.isPending}>
						Add host
					</Button>
				</>
			}
		>
			<form id={`${id}-form`} noValidate onSubmit={submit} className="grid grid-cols-2 gap-4">
				<Field
					label="Name"
					htmlFor={`${id}-name`}
					error={errors.name}
					hint="Shown wherever a stage ran."
					className="col-span-2"
				>
					<Input {...field("name")} placeholder="gpu-1" autoComplete="off" spellCheck={false} />
				</Field>
				<Field
					label="Address"
					htmlFor={`${id}-address`}
					error={errors.address}
					hint="Of Ray's dashboard, as the worker reaches it."
					className="col-span-2"
				>
					<Input
						{...field("address")}
						placeholder="http://gpu-1:8265"
						inputMode="url"
						autoComplete="off"
						spellCheck={false}
					/>
				</Field>
				<Field
					label="Token"
					htmlFor={`${id}-token`}
					error={errors.token}
					hint="What RAY_AUTH_TOKEN_PATH holds there. Kept sealed, and never shown again; only a cluster on loopback needs none."
					className="col-span-2"
				>
					<Input {...field("token")} type="password" autoComplete="off" />
				</Field>
				<Field label="Slots" htmlFor={`${id}-slots`} error={errors.slots} hint="Stages that run there at once.">
					<Input {...field("slots")} inputMode="numeric" placeholder="one a GPU" className="tabular-nums" />
				</Field>
				<Field
					label="Price an hour"
					htmlFor={`${id}-price`}
					error={errors.price}
					hint="In your currency; plans show it."
				>
					<Input {...field("price")} inputMode="decimal" className="tabular-nums" />
				</Field>
				<details className="group/environment col-span-2" open={hasEnvironmentError || undefined}>
					<summary className="text-sm font-medium">Environment and network</summary>
					<div className="mt-3 grid grid-cols-2 gap-4">
						<Field
							label="Trainer's packages"
							htmlFor={`${id}-environment`}
							hint="Checked there before the first stage."
							className="col-span-2"
						>
							<Select
								{...field("environment")}
								className="w-full"
								onChange={({ target }) => setForm({ ...form, environment: target.value === "image" ? "image" : "pip" })}
							>
								<option value="pip">Installed there once, as we pin them</option>
								<option value="image">Those of the host's own Python or image</option>
							</Select>
						</Field>
						{form.environment === "image" ? (
							<Field label="Python there" htmlFor={`${id}-python`} error={errors.python} className="col-span-2">
								<Input {...field("python")} className="font-mono text-xs" autoComplete="off" spellCheck={false} />
							</Field>
						) : null}
						<Field
							label="This console's address, as the host reaches it"
							htmlFor={`${id}-artifactsUrl`}
							error={errors.artifactsUrl}
							hint="Only where it differs from the console's own."
							className="col-span-2"
						>
							<Input {...field("artifactsUrl")} inputMode="url" autoComplete="off" spellCheck={false} />
						</Field>
					</div>
				</details>
				{add.isError ? (
					<ErrorState
						className="col-span-2"
						title="The host was not added."
						message={add.error.message}
						kept="What you typed is still here."
					/>
				) : null}
			</form>
		</Dialog>
	);
}
