import { CopyButton, Panel } from "@atelier/ui";

const STEPS = [
	{
		does: "On the GPU machine, start Ray with a token of your own:",
		command: "RAY_AUTH_MODE=token RAY_AUTH_TOKEN_PATH=token ray start --head --dashboard-host=0.0.0.0",
	},
	{
		does: "Here, or with Add host, say where it is:",
		command: "npx atelier host add gpu-1 --address http://ADDRESS:8265 --token-file token",
	},
	{
		does: "Launch there; the worker checks the host before the first stage:",
		command: "npx atelier launch table2 --dataset sample --on gpu-1",
	},
];

/** How a GPU host is added, while there is none. */
export function FirstHost() {
	return (
		<Panel
			className="mt-6"
			title="No GPU host yet"
			description="Trainings run on the worker's own machine until there is one. Three lines add one."
		>
			<ol className="space-y-3 text-sm">
				{STEPS.map(({ does, command }, index) => (
					<li key={command} className="flex gap-3">
						<span aria-hidden className="w-4 shrink-0 text-right text-ink-faint tabular-nums">
							{index + 1}
						</span>
						<div className="min-w-0 flex-1">
							<p>{does}</p>
							<div className="mt-1 flex items-start gap-2 rounded-md border bg-sunken py-1 pr-1 pl-3">
								<code className="min-w-0 flex-1 py-1 font-mono text-xs break-words">{command}</code>
								<CopyButton text={command} label="Copy command" />
							</div>
						</div>
					</li>
				))}
			</ol>
			<p className="mt-3 text-xs text-ink-faint">
				The host needs no way into this network but one to the console's address. The whole way is in docs/hosts.md.
			</p>
		</Panel>
	);
}
