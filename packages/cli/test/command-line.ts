import { vi } from "vitest";
import { main } from "../src";
import type { Console } from "./console";

export interface Outcome {
	code: number;
	stdout: string;
	stderr: string;
}

/** Runs one command line against a console, in this process. */
export async function atelier({ env }: Pick<Console, "env">, ...args: string[]): Promise<Outcome> {
	const written = { stdout: "", stderr: "" };
	const before = process.exitCode;
	process.exitCode = undefined;
	for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
	const spies = (["stdout", "stderr"] as const).map((stream) =>
		vi.spyOn(process[stream], "write").mockImplementation((text) => {
			written[stream] += String(text);
			return true;
		}),
	);
	try {
		await main(args);
		return { code: Number(process.exitCode ?? 0), ...written };
	} finally {
		for (const spy of spies) spy.mockRestore();
		vi.unstubAllEnvs();
		process.exitCode = before;
	}
}
