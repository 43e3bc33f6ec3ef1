import { KeyValue } from "@atelier/ui";
import type { RunStage } from "./run-types";

/** What the stage ran with, folded: looked up when two results differ, and rarely else. */
export function StageEnvironment({ environment }: Pick<RunStage, "environment">) {
	if (environment === null) return null;
	const { device, processor, threads, engine, versions, code, commit } = environment;
	return (
		<details>
			<summary className="cursor-pointer text-sm font-medium">Environment</summary>
			<KeyValue
				entries={[
					{ key: "Device", value: `${device}, ${processor}` },
					{ key: "Threads", value: threads },
					...(engine === undefined ? [] : [{ key: "Answers by", value: engine }]),
					...Object.entries(versions).map(([name, version]) => ({ key: name, value: version })),
					{ key: "Code", value: <span className="font-mono text-xs">{code}</span> },
					{ key: "Commit", value: <span className="font-mono text-xs">{commit?.slice(0, 12) ?? "no git"}</span> },
				]}
			/>
		</details>
	);
}
