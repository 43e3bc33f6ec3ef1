import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Method, type Preset, planRun } from "@atelier/core";
import { createPool, type Pool } from "@atelier/db";
import { createLaunch, sealToken } from "@atelier/jobs";
import { openStore } from "@atelier/store";
import { type RayHead, startRayHead } from "../../../../scripts/lib/ray-head.mjs";
import { type ArtifactServer, startArtifactServer, TEST_SECRET } from "../support/artifact-server";
import { readPreset } from "../support/preset";
import { openWorkplace, until, type Workplace } from "../support/workplace";
import { FaultProxy } from "./fault-proxy";
import { WorkerProcess } from "./worker-process";

const CHECKOUT = fileURLToPath(new URL("../../../..", import.meta.url));
const HOST = "gpu-1";

export interface RemotePlace {
	place: Workplace;
	pool: Pool;
	head: RayHead;
	worker: WorkerProcess;
	artifacts: ArtifactServer;
	/** Between worker and cluster, and between host and console. */
	proxies: { ray: FaultProxy; artifacts: FaultProxy };
	/** The miniature preset. */
	preset: Preset;
	/** Launches runs, on the host unless told `local`. @returns their ids */
	launch(methods: readonly Method[], seed: number, preset: Preset, onHost?: string): Promise<string[]>;
	close(): Promise<void>;
}

/** The same preset with trainings of so many epochs. */
export function withEpochs(preset: Preset, epochs: number): Preset {
	const { sasrec, gru4rec } = preset.baselines;
	const trained = { maxEpochs: epochs, patience: epochs };
	const baselines = { ...preset.baselines, sasrec: { ...sasrec, ...trained }, gru4rec: { ...gru4rec, ...trained } };
	return { ...preset, baselines };
}

/**
 * A record, a worker, the artifact route and a Ray head, with a proxy in each of the two ways between us and the host. No
 * path is shared: the head runs in a folder of its own, and all that passes goes through the proxies.
 */
export async function openRemotePlace({
	python,
	seed = 1,
	users = 60,
}: {
	python: string;
	seed?: number;
	users?: number;
}): Promise<RemotePlace> {
	const place = await openWorkplace();
	const folder = await mkdtemp(join(tmpdir(), "atl-ray-"));
	const head = await startRayHead({ folder, cpus: 2 });
	const artifacts = await startArtifactServer(place.db, openStore({ home: place.home }));
	const target = (url: string) => () => ({ host: "127.0.0.1", port: Number(new URL(url).port) });
	const proxies = {
		ray: await FaultProxy.open(target(head.address), { seed, oneIn: 2 }),
		artifacts: await FaultProxy.open(target(artifacts.url), { seed: seed + 1, oneIn: 2 }),
	};
	await place.db.host.create({
		data: {
			...{ name: HOST, kind: "ray", address: `http://127.0.0.1:${proxies.ray.port}`, slots: 2 },
			token: sealToken(head.token, TEST_SECRET, HOST),
			settings: { environment: "image", python, artifactsUrl: `http://127.0.0.1:${proxies.artifacts.port}` },
		},
	});
	const variables = place.variables({
		ATELIER_TRAINER_PYTHON: python,
		ATELIER_TRAINER_PATH: join(CHECKOUT, "packages/trainer"),
		ATELIER_SECRET: TEST_SECRET,
		ATELIER_URL: artifacts.url,
		ATELIER_HOST_SILENT_SECONDS: "15",
		ATELIER_CHECKPOINT_SECONDS: "2",
	});
	const worker = new WorkerProcess(variables, join(folder, "worker.log"));
	worker.start();
	const sample = { kind: "sample", category: "footwear", users, seed: 1, group: null };
	await place.db.dataset.create({ data: { id: "sample-1", name: "shoes", format: "atelier", request: sample } });
	await place.queue.send("import-dataset", { datasetId: "sample-1" });
	const ready = () => place.db.dataset.findFirst({ where: { status: "ready" } });
	const dataset = await until("the sample is ready", ready, 120_000);
	const preset = await readPreset("miniature");
	const pool = createPool(place.url, { connections: 2 });
	return {
		...{ place, pool, head, worker, artifacts, proxies, preset },
		async launch(methods, runSeed, wanted, onHost = HOST) {
			const about = { id: dataset.id, name: dataset.name, searches: 1, clicks: 1, purchases: 1 };
			const runs = methods.map((method) => ({
				...{ datasetId: dataset.id, method, variant: "full", setting: "full", seed: runSeed, config: wanted },
				plan: planRun({ dataset: about, method, preset: wanted, seed: runSeed }),
			}));
			const launch = { suite: "test", preset: "miniature", request: {}, onHost, runs };
			return (await createLaunch(place.db, place.queue, launch)).runIds;
		},
		async close() {
			await worker.end();
			await head.stop();
			await Promise.all([proxies.ray.close(), proxies.artifacts.close()]);
			await artifacts.close();
			await pool.end();
			await place.close();
			await rm(folder, { recursive: true, force: true });
		},
	};
}
