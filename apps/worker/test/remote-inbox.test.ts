import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mailOrders, NO_NEEDS, type RemoteSpec, receipt, remoteMail, stageSpec } from "@atelier/core";
import { AddressSigner } from "@atelier/jobs";
import { attemptRef, datasetRef, listFiles, openStore, type Ref, type Store } from "@atelier/store";
import { startTestObjectStore } from "@atelier/store/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StageSubmission } from "../src/executors/executor";
import { checkpointFiles } from "../src/executors/ray/checkpoint-files";
import { RemoteInbox } from "../src/executors/ray/inbox/remote-inbox";
import { RemoteFolder } from "../src/executors/ray/remote-folder";
import { type Addresses, remoteSpecOf, specAddress } from "../src/executors/ray/remote-spec";
import { TEST_SECRET } from "./support/artifact-server";
import { readPreset } from "./support/preset";
import { until } from "./support/workplace";

const CHECKOUT = fileURLToPath(new URL("../../..", import.meta.url));
const TRAINER = join(CHECKOUT, "packages/trainer");
const PYTHON = process.env.ATELIER_TRAINER_PYTHON ?? join(CHECKOUT, ".atelier/venvs/trainer/bin/python");
const server = await startTestObjectStore();
/** What the trainer's own tests read: six things that everybody buys in turn. */
const LOG =
	"import sys; from conftest import cycles, write_log; from pathlib import Path; write_log(Path(sys.argv[1]), cycles(), ['bag'] * 6)";
const KEY = "0123456789abcdef".repeat(2);
/** Fenced: nothing more is wanted of the attempt (packages/trainer, remote/errors.py). */
const FENCED = 4;

describe.skipIf("why" in server || !existsSync(PYTHON))(
	"a stage on another machine, with the store in a bucket",
	() => {
		let root: string;
		let store: Store;
		let addresses: Addresses;
		const split = attemptRef("split", "split-key", "split-attempt");
		const children: ChildProcess[] = [];

		beforeAll(async () => {
			if ("why" in server) return;
			root = await mkdtemp(join(tmpdir(), "atl-inbox-"));
			store = openStore({ home: join(root, "home"), bucket: await server.newBucket() });
			// Nobody listens there: whatever asked the console would not get on.
			addresses = { store, signer: new AddressSigner(TEST_SECRET), consoleUrl: "http://127.0.0.1:9" };
			execFileSync(PYTHON, ["-c", LOG, join(root, "log")], {
				env: { ...process.env, PYTHONPATH: `${TRAINER}:${join(TRAINER, "tests")}` },
			});
			await publish(datasetRef("bags"), join(root, "log/dataset"), "manifest.json");
			await publish(split, join(root, "log/split"), "receipt.json");
		}, 120_000);
		afterAll(async () => {
			for (const child of children) child.kill("SIGKILL");
			if ("stop" in server) server.stop();
			if (root) await rm(root, { recursive: true, force: true });
		});

		async function publish(ref: Ref, folder: string, seal: string): Promise<void> {
			await writeFile(join(folder, seal), JSON.stringify({ outputs: await listFiles(folder) }));
			await store.publish(ref, folder, await listFiles(folder));
		}

		/** An attempt whose process runs here, and knows nothing but the bucket. */
		async function start(params: Record<string, unknown>, resume: Ref | null = null) {
			const id = randomUUID();
			const output = attemptRef("baseline", KEY, id);
			const folder = store.draft(output);
			await mkdir(folder, { recursive: true });
			const spec = stageSpec.parse({
				...{ contract: 1, kind: "baseline", revision: 1, key: KEY, seed: 1, params, output, attempt: id },
				...{ inputs: { dataset: datasetRef("bags"), split }, device: "cpu", threads: 1, checkpointSeconds: 0.5 },
			});
			const inputKeys = { dataset: "bags", split: "split-key" };
			const submission: StageSubmission = {
				...{ command: "run", id, folder, spec, inputKeys, needs: NO_NEEDS, resume },
			};
			const stored = store.inbox(id);
			if (stored === null) throw new Error("a bucket has inboxes");
			const inbox = new RemoteInbox(stored, folder);
			const said = await remoteSpecOf(addresses, submission, await inbox.open());
			const remote: RemoteSpec = { ...said, heartbeatSeconds: 0.3, cache: { folder: join(root, "host-cache") } };
			expect(JSON.stringify(remote)).not.toContain(addresses.consoleUrl);
			const url = await specAddress(addresses, id, output, 0, remote);
			return { id, output, folder, inbox, stored, run: () => run(url) };
		}

		function run(url: string) {
			const child = spawn(PYTHON, ["-m", "atelier_trainer.remote", url], {
				env: { ...process.env, PYTHONPATH: TRAINER },
				stdio: ["ignore", "ignore", "pipe"],
			});
			children.push(child);
			let words = "";
			child.stderr?.on("data", (text) => {
				words += text;
			});
			const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
			return { ended, words: () => words };
		}

		const remoteOf = async (method: "popularity" | "sasrec", changed: Record<string, unknown>) => ({
			...(await readPreset("miniature")).baselines[method],
			...changed,
		});

		it("leaves all of it in the bucket and asks the console for nothing; one attempt is one process", async () => {
			const attempt = await start(await remoteOf("popularity", { listLength: 3 }));
			const [one, other] = [attempt.run(), attempt.run()];
			const codes = await Promise.all([one.ended, other.ended]);
			expect(codes.sort(), one.words() + other.words()).toEqual([0, 5]);
			await attempt.inbox.bring({ isNow: true });
			const folder = new RemoteFolder(attempt.folder);
			const text = await readFile(join(attempt.folder, "receipt.json"), "utf8");
			const { outputs, attempt: id } = receipt.parse(JSON.parse(text));
			expect(id).toBe(attempt.id);
			// Against the files, not against what was said of them.
			const here = (await listFiles(attempt.folder)).filter(({ path }) => path !== "receipt.json");
			expect(here).toEqual(expect.arrayContaining(outputs));
			const { events } = await folder.events(0);
			expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
			expect(events.at(-1)?.type).toBe("result");
			expect(await store.has(attempt.output)).toBe(false);
			await attempt.inbox.close();
			expect(await inboxes()).not.toContain(attempt.id);
		}, 120_000);

		it.skipIf(process.env.ATELIER_SHORT_SUITES === "1")(
			"one that is fenced hears it, what it writes late is nobody's, and the next goes on from its checkpoint",
			async () => {
				const endless = await remoteOf("sasrec", { maxEpochs: 1_000_000, patience: 1_000_000 });
				const fenced = await start(endless);
				const orders = mailOrders.parse(JSON.parse((await fenced.stored.read(remoteMail.orders)) ?? ""));
				const running = fenced.run();
				await until(
					"its checkpoint is here",
					async () => {
						await fenced.inbox.bring();
						return (await checkpointFiles(fenced.folder)).length > 0;
					},
					60_000,
				);
				await fenced.inbox.close();
				expect(await running.ended, running.words()).toBe(FENCED);
				const before = await readdir(fenced.folder, { recursive: true });
				const late = await fetch(orders.put[remoteMail.index] ?? "", { method: "PUT", body: '{"files": []}' });
				expect(late.ok).toBe(true);
				await fenced.inbox.bring({ isNow: true });
				expect(await readdir(fenced.folder, { recursive: true })).toEqual(before);
				expect(await inboxes()).toContain(fenced.id);
				expect(await store.has(fenced.output)).toBe(false);

				const next = await start(endless, fenced.output);
				const goes = next.run();
				const told = join(next.folder, ".remote/events");
				await until(
					"it goes on",
					async () => {
						await next.inbox.bring();
						const names = await readdir(told).catch(() => []);
						const texts = await Promise.all(names.map((name) => readFile(join(told, name), "utf8")));
						return texts.join("").includes(`from attempt ${fenced.id}`);
					},
					60_000,
				);
				await next.inbox.close();
				expect(await goes.ended, goes.words()).toBe(FENCED);
			},
			180_000,
		);

		async function inboxes(): Promise<string[]> {
			const found: string[] = [];
			for await (const id of store.inboxes()) found.push(id);
			return found;
		}
	},
);
