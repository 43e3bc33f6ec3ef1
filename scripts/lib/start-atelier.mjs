import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { checkDisk, checkWritable, choosePort } from "./checks.mjs";
import { ensureConsoleBuild } from "./console-build.mjs";
import { Failure, sentenceFor } from "./failure.mjs";
import { ensureJavaScriptPackages, ensurePrismaClient } from "./javascript-packages.mjs";
import { keepLogsSmall } from "./log-files.mjs";
import { home, inHome, root } from "./paths.mjs";
import { keepPrivate, readableByAll } from "./private-files.mjs";
import { findPython } from "./python.mjs";
import { migrateRecord, openPostgres } from "./record.mjs";
import { refuseHalfRestored } from "./restoring.mjs";
import { endRunningPrograms, runOrFail } from "./run.mjs";
import { ensureSecret } from "./secrets.mjs";
import { endOfLog, Services } from "./services.mjs";
import { holderOfStartLock, takeStartLock } from "./start-lock.mjs";
import { noteOf, step } from "./steps.mjs";
import { installTrainer, isTrainerReady, trainerPython } from "./trainer.mjs";
import { stopTrainerProcesses, trainerProcesses } from "./trainer-processes.mjs";

const CONSOLE_WITHIN_MS = 90_000;
const LINK_TRIES = 4;

/** Undone last first when Atelier stops. @type {(() => void | Promise<void>)[]} */
const undo = [];
/** @type {Promise<never> | undefined} */
let stopping;
/** Training processes that go on without us. */
let left = 0;

/** `npm start`: everything from a fresh clone to a console that answers; then waits for Ctrl-C. */
export async function startAtelier() {
	process.on("SIGINT", () => stop(0));
	process.on("SIGTERM", () => stop(0));
	process.on("SIGHUP", () => stop(0));
	try {
		await start();
	} catch (error) {
		// What was interrupted by Ctrl-C fails too; that is no news.
		if (!stopping) fail(error);
	}
}

async function start() {
	checkWritable();
	checkDisk();
	refuseHalfRestored();
	const readable = keepPrivate(home);
	const lock = takeStartLock();
	undo.push(lock.release);
	console.log(`Atelier · data in ${home}`);
	if (readable.length > 0) {
		console.log(`  Others may be able to read ${readable.join(", ")}: its owner can change that (chmod go-rwx).`);
	}

	const training = (await trainerProcesses()).filter(({ does }) => does === "run").length;
	if (training > 0)
		console.log(`  Of an earlier start, ${processes(training)} went on; the worker takes up what is running.`);

	const services = new Services(fail);
	const left = await services.stopLeftovers();
	if (left.length > 0) console.log(`  Stopped what an earlier start left running: ${left.join(", ")}.`);
	const { port, note } = await choosePort();
	if (note) console.log(`  ${note}`);

	if (!isTrainerReady()) {
		await step("Looking for Python", async () => {
			const { version, executable } = await findPython();
			return { result: null, note: `${version.join(".")} at ${executable}` };
		});
	}
	await step("Installing JavaScript packages", () => noteOf(readableByAll(ensureJavaScriptPackages)));
	const postgres = await openPostgres({
		onStop: (stopPostgres) => undo.push(stopPostgres),
		onHopeless: fail,
	});
	undo.push(keepLogsSmall(() => [...services.logs(), ...postgres.logs]));
	const databaseUrl = await migrateRecord(postgres);
	await step("Generating the database client", () => noteOf(ensurePrismaClient()));

	const url = `http://127.0.0.1:${port}`;
	const environment = childEnvironment(databaseUrl, url, port);
	await step("Building the console", () => noteOf(ensureConsoleBuild(environment)));

	const trainer = new AbortController();
	undo.push(
		leaveTraining,
		() => services.stop(),
		() => trainer.abort(),
	);
	const link = await step("Starting console and worker", async () => {
		const env = { ...process.env, ...environment, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
		services.start({
			name: "console",
			args: ["--import", "tsx", "server/main.ts"],
			cwd: join(root, "apps", "web"),
			env,
		});
		const [link] = await Promise.all([signInLink(env), answers(url)]);
		// Last, so that on a small machine it does not hold up the console.
		services.start({ name: "worker", args: ["--import", "tsx", "apps/worker/src/main.ts"], cwd: root, env });
		return { result: link };
	});
	lock.noteUrl(url);
	writeFileSync(inHome("console.json"), JSON.stringify({ url }));
	console.log(
		`\nAtelier answers at ${url}\nSign in with this link (once):\n\n  ${link}\n\nCtrl-C stops Atelier; training under way goes on for the next start.\n`,
	);

	if (process.env.ATELIER_STORE) console.log(`  Datasets and artifacts lie in ${process.env.ATELIER_STORE}.`);
	if (!isTrainerReady()) console.log("  The trainer's Python packages install in the background (about 2 GB) …");
	const from = performance.now();
	const wasReady = isTrainerReady();
	const why = await installTrainer({ signal: trainer.signal });
	if (stopping) return;
	if (why) console.log(`  The trainer cannot be used: ${why}`);
	else if (!wasReady) console.log(`  The trainer is ready (${((performance.now() - from) / 1000).toFixed(0)} s).`);
}

/** @param {string} databaseUrl @param {string} url @param {number} port @returns {Record<string, string>} */
function childEnvironment(databaseUrl, url, port) {
	return {
		DATABASE_URL: databaseUrl,
		ATELIER_HOME: home,
		ATELIER_PORT: String(port),
		// What people open; behind a proxy that is not where we listen.
		ATELIER_URL: process.env.ATELIER_PUBLIC_URL ?? url,
		ATELIER_TRUSTED_PROXY: process.env.ATELIER_TRUSTED_PROXY ?? "",
		ATELIER_SECRET: ensureSecret("secret"),
		ATELIER_CLI_TOKEN: ensureSecret("cli-token"),
		ATELIER_SUITES: join(root, "suites"),
		ATELIER_FILES: process.env.ATELIER_FILES ?? root,
		ATELIER_TRAINER_PYTHON: trainerPython,
	};
}

/** @param {NodeJS.ProcessEnv} env */
async function signInLink(env) {
	const script = join(root, "packages", "api", "src", "auth", "print-sign-in-link.ts");
	for (let tried = 1; ; tried += 1) {
		try {
			const args = ["--import", "tsx", script];
			const output = await runOrFail("make a sign-in link", process.execPath, args, { cwd: root, env });
			return output.trim().split("\n").at(-1);
		} catch (error) {
			// Postgres may have been killed just now, and is being started again.
			if (stopping || tried === LINK_TRIES) throw error;
			await delay(1_000);
		}
	}
}

/** @param {string} url */
async function answers(url) {
	const until = Date.now() + CONSOLE_WITHIN_MS;
	let status = 0;
	// One that ends meanwhile is started again, and `fail` is told when that does not help.
	while (Date.now() < until && !stopping) {
		const response = await fetch(url, { redirect: "manual" }).catch(() => null);
		if (response && response.status < 500) return;
		status = response?.status ?? 0;
		await delay(status === 0 ? 50 : 500);
	}
	if (status > 0) throw new Failure(`The console answers with ${status}. ${endOfLog("console")}`);
	throw new Failure(`The console did not start. ${endOfLog("console")}`);
}

/** Training may be hours old: it outlives us, for the next start. Model servers hold nothing that is not on disk. */
async function leaveTraining() {
	const found = await trainerProcesses();
	await stopTrainerProcesses(
		home,
		found.filter(({ does }) => does === "serve"),
	);
	left = found.filter(({ does }) => does === "run").length;
}

/** @param {number} count */
const processes = (count) => (count === 1 ? "1 training process" : `${count} training processes`);

/** @param {number} count */
function leftRunning(count) {
	const [goes, it, its] = count === 1 ? ["goes", "it", "its stage"] : ["go", "them", "their stages"];
	return `${processes(count)} ${goes} on, and the next npm start takes ${it} up. To end ${it} and go on with ${its} later: npm start -- --stop-trainers`;
}

/** @param {unknown} error */
function fail(error) {
	console.error(`\n${sentenceFor(error)}`);
	void stop(1);
}

/** @param {number} code @returns {Promise<never>} */
function stop(code) {
	stopping ??= (async () => {
		if (undo.length > 1) console.log("\nStopping …");
		endRunningPrograms();
		for (const each of undo.reverse()) {
			try {
				await each();
			} catch (error) {
				console.error(sentenceFor(error));
			}
		}
		if (undo.length > 1) console.log(left > 0 ? `Stopped. ${leftRunning(left)}` : "Stopped; nothing is left running.");
		process.exit(code);
	})();
	return stopping;
}

/** `npm start -- --stop-trainers`: ends what a stopped Atelier left running. @returns {Promise<number>} exit code */
export async function stopLeftTrainers() {
	const holder = holderOfStartLock();
	if (holder) {
		console.error(
			`Atelier runs on this data directory${holder.url ? ` at ${holder.url}` : ""}: cancel runs there, or stop it first.`,
		);
		return 1;
	}
	const ended = await stopTrainerProcesses();
	console.log(
		ended === 0
			? `No training runs for ${home}.`
			: `Ended ${processes(ended)}; the next start goes on from what they have written down.`,
	);
	return 0;
}
