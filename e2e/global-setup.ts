import { join } from "node:path";
import { handOver } from "./console/hand-over";
import { startConsole } from "./console/start-console";

/** One console for all tests of a run. */
// biome-ignore lint/style/noDefaultExport: Playwright takes the file's default
export default async function globalSetup() {
	const started = await startConsole();
	handOver(started);
	return () => started.stop(join(import.meta.dirname, "test-results", "console-logs"));
}
