import { CopyButton, Panel } from "@atelier/ui";

/** The resolved preset, overrides included, as it was launched. */
export function RunConfiguration({ config }: { config: Record<string, unknown> }) {
	const text = JSON.stringify(config, null, 2);
	return (
		<Panel
			title="Configuration"
			description="The preset with every override, as launched."
			actions={<CopyButton text={text} label="Copy the configuration" />}
		>
			<details>
				<summary className="text-sm text-ink-muted hover:text-ink">Show all values</summary>
				<pre className="mt-3 max-h-[28rem] overflow-auto rounded-md border bg-sunken p-3 font-mono text-xs leading-5">
					{text}
				</pre>
			</details>
		</Panel>
	);
}
