"use client";
import { Checkbox, Field, formatCount, Input, Panel, Select, Textarea } from "@atelier/ui";
import { useId } from "react";
import { DatasetLabels } from "~/features/datasets/dataset-labels";
import { orderDatasets } from "~/features/datasets/order-datasets";
import { MethodChip, settingTitle, variantLabel } from "~/features/methods";
import { PRIORITY_CHOICES } from "~/features/runs/priorities";
import type { Outputs } from "~/trpc/client";
import { ChoiceGroup } from "./choice-group";
import { haveVariants, settingChoices, toggleChoice, variantChoices } from "./choices";
import { type LaunchErrors, type LaunchView, targetOf, withTarget } from "./launch-view";
import { LaunchWhere } from "./launch-where";

type Catalogue = Outputs["suites"]["list"];

export interface LaunchFormProps {
	view: LaunchView;
	suite: Catalogue["suites"][number];
	catalogue: Catalogue;
	datasets: Outputs["datasets"]["list"];
	hosts: Outputs["hosts"]["list"];
	errors: LaunchErrors;
	onChange: (change: Partial<LaunchView>) => void;
}

export function LaunchForm({ view, suite, catalogue, datasets, hosts, errors, onChange }: LaunchFormProps) {
	const id = useId();
	const chosenMethods: readonly string[] = view.methods.length > 0 ? view.methods : suite.methods;
	const chosenVariants = view.variants.length > 0 ? view.variants : suite.variants;
	const chosenSettings = view.settings.length > 0 ? view.settings : suite.settings;
	const variants = variantChoices(suite, chosenVariants);
	const settings = settingChoices(suite, chosenSettings);
	const methods = catalogue.methods.filter(
		({ id: method }) => suite.parts.length === 1 || suite.methods.includes(method),
	);
	const preset = catalogue.presets.find(({ name }) => name === (view.preset || suite.preset));
	const ready = datasets.filter(({ status }) => status === "ready");
	const chosenDatasets = datasets.filter(
		({ name, group }) => view.datasets.includes(name) || (group !== null && view.datasets.includes(group)),
	);
	const withoutSearches = chosenDatasets.filter(({ statistics }) => statistics?.searches === 0);

	const withoutPurchases = chosenDatasets.filter(({ statistics }) => statistics?.purchases === 0);
	const target = targetOf(view.set);

	const toggleDataset = (name: string, on: boolean) => {
		const names = chosenDatasets.map((dataset) => dataset.name).filter((other) => other !== name);
		onChange({ datasets: on ? [...names, name] : names });
	};
	const toggleMethod = (method: string, on: boolean) => {
		const offered = methods.map((candidate): string => candidate.id);
		onChange({ methods: toggleChoice(offered, chosenMethods, suite.methods, method, on) });
	};
	return (
		<Panel title="What to run">
			<div className="space-y-5 pt-1">
				<Field label="Suite" htmlFor={`${id}-suite`} hint={suite.description}>
					<Select
						id={`${id}-suite`}
						className="w-full"
						value={suite.name}
						onChange={({ target }) =>
							onChange({ suite: target.value, methods: [], variants: [], settings: [], seeds: "", preset: "" })
						}
					>
						{catalogue.suites.map(({ name, title }) => (
							<option key={name} value={name}>
								{title}
							</option>
						))}
					</Select>
				</Field>
				<fieldset>
					<legend className="mb-2 flex w-full items-baseline justify-between text-sm font-medium">
						Datasets
						{ready.length > 1 ? (
							<button
								type="button"
								className="text-xs font-normal text-accent-strong hover:underline"
								onClick={() =>
									onChange({ datasets: chosenDatasets.length === ready.length ? [] : ready.map(({ name }) => name) })
								}
							>
								{chosenDatasets.length === ready.length ? "None" : "All"}
							</button>
						) : null}
					</legend>
					<div className="max-h-64 space-y-2.5 overflow-y-auto">
						{orderDatasets(datasets).map((dataset) => (
							<Checkbox
								key={dataset.id}
								disabled={dataset.status !== "ready"}
								checked={chosenDatasets.includes(dataset)}
								onChange={({ target }) => toggleDataset(dataset.name, target.checked)}
								label={
									<span className="flex flex-wrap items-center gap-x-2">
										<span className="break-all">{dataset.name}</span> <DatasetLabels dataset={dataset} />
									</span>
								}
								hint={
									dataset.statistics
										? `${formatCount(dataset.statistics.users)} users, ${formatCount(dataset.statistics.items)} items`
										: dataset.status
								}
							/>
						))}
					</div>
				</fieldset>
				<fieldset>
					<legend className="mb-2 text-sm font-medium">Methods</legend>
					<div className="space-y-2.5">
						{methods.map((method) => (
							<Checkbox
								key={method.id}
								checked={chosenMethods.includes(method.id)}
								onChange={({ target }) => toggleMethod(method.id, target.checked)}
								label={
									<span className="flex items-baseline gap-2">
										<MethodChip method={method.id} />
										{method.family === "control" ? <span className="text-xs text-ink-faint">control</span> : null}
									</span>
								}
								hint={
									method.needsQueries && withoutSearches.length > 0
										? `needs searches; ${withoutSearches.map(({ name }) => name).join(", ")} has none`
										: method.note
								}
							/>
						))}
					</div>
				</fieldset>
				{haveVariants(chosenMethods) ? (
					<ChoiceGroup
						key={`${suite.name} variants`}
						legend="Variants"
						summary={chosenVariants.map((name) => variantLabel(name) || "as it stands").join(", ")}
						open={chosenVariants.length > 1}
						hint="Of ours, ours w/o LLM and ours+. Those of retrieval alone share one fine-tune."
						choices={variants.map((name) => ({ name, label: variantLabel(name) || "as it stands" }))}
						chosen={chosenVariants}
						onToggle={(name, on) =>
							onChange({ variants: toggleChoice(variants, chosenVariants, suite.variants, name, on) })
						}
					/>
				) : null}
				<ChoiceGroup
					key={`${suite.name} settings`}
					legend="Settings"
					summary={chosenSettings.map(settingTitle).join(", ")}
					open={chosenSettings.length > 1}
					hint="Zero-shot trains on another category: footwear for the rest, luggage and bags for footwear. Only Recformer and ours carry over."
					choices={settings.map((name) => ({ name, label: settingTitle(name) }))}
					chosen={chosenSettings}
					onToggle={(name, on) =>
						onChange({ settings: toggleChoice(settings, chosenSettings, suite.settings, name, on) })
					}
				/>
				<Field
					label="To predict"
					htmlFor={`${id}-target`}
					hint={
						withoutPurchases.length > 0 && target === "purchase"
							? `${withoutPurchases.map(({ name }) => name).join(", ")} has no purchases: choose clicks there.`
							: "The paper predicts purchases. Runs that predict clicks stand in tables of their own."
					}
				>
					<Select
						id={`${id}-target`}
						className="w-full"
						value={target}
						onChange={({ target: { value } }) => onChange({ set: withTarget(view.set, value) })}
					>
						<option value="purchase">the last purchase</option>
						<option value="click">the last click</option>
					</Select>
				</Field>
				<Field
					label="Seeds"
					htmlFor={`${id}-seeds`}
					error={errors.seeds}
					hint={`Each seed is a run of its own. The suite's: ${suite.seeds.join(", ")}.`}
				>
					<Input
						id={`${id}-seeds`}
						className="tabular-nums"
						placeholder={suite.seeds.join(", ")}
						value={view.seeds}
						aria-invalid={errors.seeds ? true : undefined}
						onChange={({ target }) => onChange({ seeds: target.value })}
					/>
				</Field>
				<Field label="Preset" htmlFor={`${id}-preset`} hint={preset?.description}>
					<Select
						id={`${id}-preset`}
						className="w-full"
						value={view.preset || suite.preset}
						onChange={({ target }) => onChange({ preset: target.value === suite.preset ? "" : target.value })}
					>
						{catalogue.presets.map(({ name, title }) => (
							<option key={name} value={name}>
								{title}
							</option>
						))}
					</Select>
				</Field>
				<LaunchWhere view={view} hosts={hosts} error={errors.budget} onChange={onChange} />
				<Field
					label="Priority"
					htmlFor={`${id}-priority`}
					hint="Of what waits, launches of higher priority go first; equal ones take turns."
				>
					<Select
						id={`${id}-priority`}
						className="w-full"
						value={view.priority || "0"}
						onChange={({ target }) => onChange({ priority: target.value === "0" ? "" : target.value })}
					>
						{PRIORITY_CHOICES.map(({ value, label }) => (
							<option key={value} value={value}>
								{label}
							</option>
						))}
					</Select>
				</Field>
				<Field
					label="Overrides"
					htmlFor={`${id}-set`}
					error={errors.set}
					hint="One a line, by the setting's path in the preset."
				>
					<Textarea
						id={`${id}-set`}
						className="font-mono text-xs"
						placeholder="fineTune.epochs=2"
						spellCheck={false}
						value={view.set}
						aria-invalid={errors.set ? true : undefined}
						onChange={({ target }) => onChange({ set: target.value })}
					/>
				</Field>
			</div>
		</Panel>
	);
}
