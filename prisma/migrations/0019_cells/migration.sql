-- The newest succeeded run of a cell is a row, kept by the commit that makes it so (docs/decisions/0028-cells.md):
-- tables and figures read these few, however many runs there are.
CREATE TABLE "cell" (
	"dataset_id" TEXT NOT NULL,
	"setting" TEXT NOT NULL,
	"variant" TEXT NOT NULL,
	"method" TEXT NOT NULL,
	"preset" TEXT NOT NULL,
	"seed" INTEGER NOT NULL,
	"measured_by_key" TEXT NOT NULL,
	"measured_by" JSONB NOT NULL,
	"run_id" TEXT NOT NULL,
	"created_at" TIMESTAMP(3) NOT NULL,
	CONSTRAINT "cell_pkey" PRIMARY KEY ("dataset_id", "setting", "variant", "method", "preset", "seed", "measured_by_key")
);
CREATE UNIQUE INDEX "cell_run_id_key" ON "cell"("run_id");
ALTER TABLE "cell" ADD CONSTRAINT "cell_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id")
	ON DELETE CASCADE ON UPDATE CASCADE;

-- The one before a removed run is found by it.
DROP INDEX "run_dataset_id_method_idx";
CREATE INDEX "run_cell_idx"
	ON "run"("dataset_id", "method", "variant", "setting", "preset", "seed", "created_at" DESC);

-- What of a configuration decides which figures may stand beside each other (packages/core/src/results/protocol.ts reads
-- it as it reads the whole). Nothing in it may fail: a run is recorded whatever its configuration, which
-- lies compressed and apart: it is fetched once, not once for each of its parts.
CREATE FUNCTION run_measured_by(config JSONB) RETURNS JSONB LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object(
		'split', jsonb_build_object(
			'protocol', whole #> '{split,protocol}',
			'target', coalesce(whole #> '{split,target}', '"purchase"'),
			'trainRatio', coalesce(whole #> '{split,trainRatio}', '1')
		),
		'evaluate', jsonb_build_object('k', whole #> '{evaluate,k}', 'maskSeen', whole #> '{evaluate,maskSeen}'),
		'baselines', (
			SELECT coalesce(jsonb_object_agg(name, jsonb_build_object('maskSeen', baseline -> 'maskSeen')), '{}')
			FROM jsonb_each(CASE jsonb_typeof(whole -> 'baselines') WHEN 'object' THEN whole -> 'baselines' ELSE '{}' END)
				AS each(name, baseline)
		)
	))
	FROM (SELECT config || '{}' AS whole OFFSET 0) AS fetched
$$;

-- Whoever changes a run, and however, cannot forget its cell. Statement by statement, so that a thousand runs cost one
-- pass; a run's coordinates and configuration never change.
CREATE FUNCTION run_fill_cells() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO cell (dataset_id, setting, variant, method, preset, seed, measured_by_key, measured_by, run_id, created_at)
	SELECT DISTINCT ON (dataset_id, setting, variant, method, preset, seed, measured_by)
		dataset_id, setting, variant, method, preset, seed, md5(measured_by::text), measured_by, id, created_at
	FROM arrived, run_measured_by(config) AS measured_by
	WHERE status = 'succeeded' AND NOT EXISTS (SELECT FROM cell WHERE cell.run_id = arrived.id)
	ORDER BY dataset_id, setting, variant, method, preset, seed, measured_by, created_at DESC, id DESC
	ON CONFLICT (dataset_id, setting, variant, method, preset, seed, measured_by_key)
		DO UPDATE SET run_id = EXCLUDED.run_id, created_at = EXCLUDED.created_at
		WHERE (cell.created_at, cell.run_id) < (EXCLUDED.created_at, EXCLUDED.run_id);
	RETURN NULL;
END
$$;

-- The newest of those that are left takes the place of one that is gone; a run that another transaction is just
-- removing is waited for, and passed over once it is gone.
CREATE FUNCTION run_leave_cells() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM cell USING departed
	WHERE cell.run_id = departed.id AND NOT EXISTS (SELECT FROM run WHERE run.id = departed.id AND status = 'succeeded');
	INSERT INTO cell (dataset_id, setting, variant, method, preset, seed, measured_by_key, measured_by, run_id, created_at)
	SELECT place.*, next.id, next.created_at
	FROM (
		SELECT DISTINCT dataset_id, setting, variant, method, preset, seed, md5(measured_by::text), measured_by
		FROM departed, run_measured_by(config) AS measured_by
		WHERE status = 'succeeded'
			AND NOT EXISTS (SELECT FROM run WHERE run.id = departed.id AND run.status = 'succeeded')
	) AS place, LATERAL (
		SELECT id, created_at FROM run
		WHERE run.dataset_id = place.dataset_id AND run.setting = place.setting AND run.variant = place.variant
			AND run.method = place.method AND run.preset = place.preset AND run.seed = place.seed
			AND run.status = 'succeeded' AND run_measured_by(run.config) = place.measured_by
		ORDER BY created_at DESC, id DESC LIMIT 1 FOR KEY SHARE
	) AS next
	ON CONFLICT (dataset_id, setting, variant, method, preset, seed, measured_by_key)
		DO UPDATE SET run_id = EXCLUDED.run_id, created_at = EXCLUDED.created_at
		WHERE (cell.created_at, cell.run_id) < (EXCLUDED.created_at, EXCLUDED.run_id);
	RETURN NULL;
END
$$;

CREATE TRIGGER run_fill_cells_when_made AFTER INSERT ON "run" REFERENCING NEW TABLE AS arrived
	FOR EACH STATEMENT EXECUTE FUNCTION run_fill_cells();
CREATE TRIGGER run_fill_cells_when_changed AFTER UPDATE ON "run" REFERENCING NEW TABLE AS arrived
	FOR EACH STATEMENT EXECUTE FUNCTION run_fill_cells();
CREATE TRIGGER run_leave_cells_when_changed AFTER UPDATE ON "run" REFERENCING OLD TABLE AS departed
	FOR EACH STATEMENT EXECUTE FUNCTION run_leave_cells();
CREATE TRIGGER run_leave_cells_when_removed AFTER DELETE ON "run" REFERENCING OLD TABLE AS departed
	FOR EACH STATEMENT EXECUTE FUNCTION run_leave_cells();

-- What is there already.
INSERT INTO cell (dataset_id, setting, variant, method, preset, seed, measured_by_key, measured_by, run_id, created_at)
SELECT DISTINCT ON (dataset_id, setting, variant, method, preset, seed, measured_by)
	dataset_id, setting, variant, method, preset, seed, md5(measured_by::text), measured_by, id, created_at
FROM run, run_measured_by(config) AS measured_by
WHERE status = 'succeeded'
ORDER BY dataset_id, setting, variant, method, preset, seed, measured_by, created_at DESC, id DESC;
