import type { Database } from "@atelier/db";

/** Something in the store that the record names. */
export interface StoredArtifact {
	/** Its place in the order of all. */
	cursor: string;
	kind: string;
	/** Dataset id, or stage key. */
	id: string;
	/** The dataset's name, or that of the dataset that the stage works on. */
	dataset: string;
	/** Of a stage that has succeeded. */
	attemptId: string | null;
	/** Of a stage that has given its artifact up: known, and not looked at again. */
	damage: string | null;
	status: string;
}

/** Everything that the record says lies in the store, datasets first, from behind `after` on. */
export async function storedArtifacts(db: Database, after: string, limit: number): Promise<StoredArtifact[]> {
	return db.$queryRaw<StoredArtifact[]>`
		SELECT * FROM (
			SELECT 'dataset ' || id AS cursor, 'dataset' AS kind, id, name AS dataset, NULL AS "attemptId", NULL AS damage,
				status::text AS status
			FROM dataset WHERE status = 'ready' AND path IS NOT NULL
			UNION ALL
			SELECT 'stage ' || stage.key, stage.kind, stage.key, dataset.name, stage.attempt_id, stage.damage, stage.status::text
			FROM stage JOIN dataset ON dataset.id = stage.dataset_id
			WHERE stage.status = 'succeeded' AND stage.attempt_id IS NOT NULL OR stage.damage IS NOT NULL
		) AS artifact
		WHERE cursor COLLATE "C" > ${after} ORDER BY cursor COLLATE "C" LIMIT ${limit}`;
}

export async function countArtifacts(db: Database): Promise<number> {
	const [datasets, stages] = await Promise.all([
		db.dataset.count({ where: { status: "ready", path: { not: null } } }),
		db.stage.count({
			where: { OR: [{ status: "succeeded", attemptId: { not: null } }, { damage: { not: null } }] },
		}),
	]);
	return datasets + stages;
}
