import type { Services } from "@atelier/api";
import { AppError, messageOf } from "@atelier/core";
import { IMPORT_FORMATS, type ImportOutcome, importDataset } from "@atelier/data";
import type { Database } from "@atelier/db";
import { importRequest, wantedName } from "@atelier/jobs";
import { openStore } from "@atelier/store";
import { z } from "zod";

const job = z.object({ datasetId: z.string() });

/**
 * Imports on the spot what a worker would take from the queue, without its process and without the rows in the record
 * (apps/worker/test has those): an import that is asked for has ended when the answer comes.
 */
export function importingQueue(db: Database, home: string): Services["queue"] {
	return {
		send: async (_name, payload) => importNow(db, home, job.parse(payload).datasetId),
		work: () => Promise.resolve(),
		stop: () => Promise.resolve(),
	};
}

async function importNow(db: Database, home: string, id: string): Promise<void> {
	const row = await db.dataset.findUniqueOrThrow({ where: { id } });
	try {
		await publish(db, id, await readLog(home, row));
	} catch (error) {
		await db.dataset.update({ where: { id }, data: { status: "failed", error: messageOf(error) } });
	}
}

function readLog(home: string, row: { name: string; request: unknown }): Promise<ImportOutcome> {
	const request = importRequest.parse(row.request);
	if (request.kind !== "import") throw new AppError("INTERNAL", "Samples are not made here.");
	const format = IMPORT_FORMATS.find((known) => known === request.format);
	if (format === undefined) throw new AppError("BAD_REQUEST", `Unknown format "${request.format}".`);
	const { kind: _, ...wanted } = request;
	return importDataset({ ...wanted, format, name: wantedName(row.name) }, { store: openStore({ home }).root });
}

async function publish(db: Database, id: string, { manifest, path }: ImportOutcome): Promise<void> {
	if ((await db.dataset.count({ where: { id: manifest.id } })) > 0) {
		await db.dataset.delete({ where: { id } });
		return;
	}
	const { counts, rejectedByReason: rejected, sources, name } = manifest;
	const data = {
		id: manifest.id,
		name,
		status: "ready",
		counts,
		rejected,
		sources,
		path,
		readyAt: new Date(),
	} as const;
	await db.dataset.update({ where: { id }, data });
}
