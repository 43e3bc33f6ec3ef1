import { AppError } from "@atelier/core";
import { storePath, Verifier } from "@atelier/data";
import type { Dataset } from "@atelier/db";
import { refuseDamagedDataset } from "@atelier/jobs";
import type { Services } from "../context";

const verifiers = new Map<string, Verifier>();

/** What this process knows of the files of a store: each is read in full once. */
export function verifierOf(home: string): Verifier {
	const known = verifiers.get(home) ?? new Verifier(home);
	verifiers.set(home, known);
	return known;
}

/**
 * Where the files of a dataset are, which are what was imported.
 *
 * @throws AppError CONFLICT before it is imported, and where it is damaged
 */
export async function datasetFolder({ db, home }: Pick<Services, "db" | "home">, dataset: Dataset): Promise<string> {
	if (dataset.path === null) throw new AppError("CONFLICT", `Dataset ${dataset.name} is not imported yet.`);
	await refuseDamagedDataset(db, verifierOf(home), dataset);
	return storePath(home, dataset.path);
}
