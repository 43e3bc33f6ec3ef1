-- Runs are found among many: sorted by a figure, filtered by a parameter, marked and remembered (docs/decisions/0028-cells.md).
ALTER TABLE "run" ADD COLUMN "note" TEXT NOT NULL DEFAULT '',
	ADD COLUMN "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];
CREATE INDEX "run_tags_idx" ON "run" USING GIN ("tags");
CREATE INDEX "run_finished_at_idx" ON "run"("finished_at");
CREATE INDEX "run_config_idx" ON "run" USING GIN ("config" jsonb_path_ops);
CREATE INDEX "metric_name_slice_value_idx" ON "metric"("name", "slice", "value");

CREATE TABLE "saved_view" (
	"id" TEXT NOT NULL,
	"page" TEXT NOT NULL,
	"name" TEXT NOT NULL,
	"query" TEXT NOT NULL,
	"created_by_id" TEXT,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "saved_view_page_name_key" ON "saved_view"("page", "name");

-- As it was, but a configuration lies compressed and apart, and is fetched once here, not once for each of its parts.
CREATE OR REPLACE FUNCTION run_measured_by(config JSONB) RETURNS JSONB LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
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
