import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createTestDatabase } from "@atelier/db/testing";
import { home as checkoutHome, root } from "../../scripts/lib/paths.mjs";
import { freePort } from "../../scripts/lib/ports.mjs";
import { startTestPostgres } from "../../scripts/lib/test-server.mjs";
import { stopTrainerProcesses } from "../../scripts/lib/trainer-processes.mjs";
import { env } from "../env";

/** A console with its worker, on data of its own. */
export interface StartedConsole {
	url: string;
	/** The one-time link that the start printed. */
	link: string;
	/** Bearer token of the command line. */
	token: string;
	/** Ends console, worker and trainers, and removes their data. @param keepLogsIn a folder for their logs */
	stop(keepLogsIn?: string): Promise<void>;
}

/**
 * What `npm start` does, on a fresh home, a fresh database of the test server and a free port. What is installed and
 * built in the checkout's own home is used from there.
 *
 * @throws Error with what the start printed, when it ends before it has printed a link
 */
export async function startConsole(): Promise<StartedConsole> {
	const server = env.testDatabaseUrl ? null : await startTestPostgres();
	const database = await createTestDatabase();
	const home = mkdtempSync(join(tmpdir(), "atelier-e2e-"));
	for (const shared of ["venvs", "stamps"]) {
		mkdirSync(join(checkoutHome, shared), { recursive: true });
		symlinkSync(join(checkoutHome, shared), join(home, shared), "junction");
	}
	const port = await freePort();
	const child = spawn(process.execPath, [join(root, "scripts", "start.mjs")], {
		cwd: root,
		env: {
			...env.all,
			ATELIER_HOME: home,
			ATELIER_PORT: String(port),
			DATABASE_URL: database.url,
		},
		stdio: ["ignore", "pipe", "pipe"],
	});
	endWithUs(child);
	const stop = async (keepLogsIn?: string) => {
		await end(child);
		// A stop leaves training to the next start, and there is none.
		await stopTrainerProcesses(home);
		if (keepLogsIn && existsSync(join(home, "logs"))) cpSync(join(home, "logs"), keepLogsIn, { recursive: true });
		rmSync(home, { recursive: true, force: true });
		try {
			await database.drop();
		} finally {
			await server?.stop();
		}
	};
	try {
		const url = `http://127.0.0.1:${port}`;
		const link = await printedLink(child, url);
		return { url, link, token: readFileSync(join(home, "cli-token"), "utf8").trim(), stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Reads what `npm start` prints, as a person does, up to the link. */
function printedLink(child: ChildProcess, url: string): Promise<string> {
	const printed: string[] = [];
	return new Promise((resolve, reject) => {
		for (const stream of [child.stdout, child.stderr]) {
			if (!stream) continue;
			createInterface({ input: stream }).on("line", (line) => {
				printed.push(line);
				if (line.trim().startsWith(`${url}/`)) resolve(line.trim());
			});
		}
		child.once("error", reject);
		child.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${printed.join("\n")}`)));
	});
}

/** However this process ends (short of being killed outright), the console does not outlive it. */
function endWithUs(child: ChildProcess): void {
	process.once("exit", () => child.kill("SIGTERM"));
	for (const [signal, code] of [
		["SIGTERM", 143],
		["SIGHUP", 129],
	] as const) {
		process.once(signal, () => process.exit(code));
	}
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise((resolve) => child.once("exit", resolve));
	child.kill("SIGTERM");
	await ended;
}
