import type { Database } from "@atelier/db";

/** What was measured of a kind of stage on a host. */
export interface Throughput {
	kind: string;
	/** Stages that succeeded there. */
	stages: number;
	medianSeconds: number;
	/** Of those that count tokens; null for the others. */
	tokensPerSecond: number | null;
}

/** What each kind of stage took on a host, from the attempts that made what counts. */
export function throughputOf(db: Database, host: string): Promise<Throughput[]> {
	return db.$queryRaw<Throughput[]>`
		SELECT stage.kind, count(*)::integer AS stages,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY stage.duration_ms)::float8 / 1000 AS "medianSeconds",
			percentile_cont(0.5) WITHIN GROUP (ORDER BY
				CASE jsonb_typeof(stage.result->'tokensPerSecond') WHEN 'number' THEN (stage.result->>'tokensPerSecond')::float8 END
			)::float8 AS "tokensPerSecond"
		FROM attempt JOIN stage ON stage.attempt_id = attempt.id
		WHERE attempt.host = ${host} AND attempt.status = 'succeeded' AND stage.duration_ms IS NOT NULL
		GROUP BY stage.kind ORDER BY stage.kind`;
}
