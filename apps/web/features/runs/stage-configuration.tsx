import { CopyButton, KeyValue } from "@atelier/ui";
import type { RunStage } from "./run-types";
import { StageAttempts } from "./stage-attempts";
import { StageEnvironment } from "./stage-environment";

/** Everything that made the stage's key, and its attempts. */
export function StageConfiguration({ stage }: { stage: RunStage }) {
	const params = Object.entries(stage.params);
	return (
		<div className="grid items-start gap-x-10 gap-y-5 xl:grid-cols-2">
			<section>
				<h3 className="mb-1 text-sm font-medium">Parameters</h3>
				{params.length === 0 ? (
					<p className="text-sm text-ink-faint">This stage takes none.</p>
				) : (
					<KeyValue
						entries={params.map(([key, value]) => ({
							key,
							value: (
								<span className="font-mono text-xs">{typeof value === "string" ? value : JSON.stringify(value)}</span>
							),
						}))}
					/>
				)}
			</section>
			<div className="space-y-5">
				<section>
					<h3 className="mb-1 text-sm font-medium">Identity</h3>
					<KeyValue
						entries={[
							{ key: "Key", value: <Key text={stage.key} label="Copy stage key" /> },
							{ key: "Revision", value: stage.revision },
							{ key: "Seed", value: stage.seed },
							...Object.entries(stage.inputs).map(([name, key]) => ({
								key: `Input ${name}`,
								value: <Key text={key} label={`Copy the key of ${name}`} />,
							})),
						]}
					/>
				</section>
				{stage.attempts.length > 0 ? (
					<section>
						<h3 className="mb-1 text-sm font-medium">Attempts</h3>
						<StageAttempts attempts={stage.attempts} />
					</section>
				) : null}
				<StageEnvironment environment={stage.environment} />
			</div>
		</div>
	);
}

function Key({ text, label }: { text: string; label: string }) {
	return (
		<span className="inline-flex items-center gap-1 font-mono text-xs" title={text}>
			{text.slice(0, 12)}
			<CopyButton text={text} label={label} />
		</span>
	);
}
