-- What is stored is checked before it is read (docs/decisions/0015-what-is-stored-is-checked.md). The record keeps the list
-- of an artifact's files, what each attempt read, when it was last found right, and what is wrong with it.
ALTER TABLE "dataset" ADD COLUMN "files" JSONB,
	ADD COLUMN "verified_at" TIMESTAMP(3),
	ADD COLUMN "damage" TEXT,
	ADD COLUMN "damaged_at" TIMESTAMP(3);
ALTER TABLE "run" ADD COLUMN "repairs" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "stage" ADD COLUMN "damage" TEXT,
	ADD COLUMN "damaged_at" TIMESTAMP(3);
ALTER TABLE "attempt" ADD COLUMN "inputs" JSONB NOT NULL DEFAULT '{}',
	ADD COLUMN "files" JSONB,
	ADD COLUMN "verified_at" TIMESTAMP(3),
	ADD COLUMN "damage" TEXT,
	ADD COLUMN "damaged_at" TIMESTAMP(3),
	ADD COLUMN "suspicion" TEXT,
	ADD COLUMN "environment" JSONB;

-- Until now a stage that had succeeded was never made again, so what an attempt read is what its inputs have.
UPDATE "attempt" SET "inputs" = read.inputs
FROM (
	SELECT stage.key, jsonb_object_agg(input.key, source.attempt_id) || jsonb_build_object('dataset', stage.dataset_id) AS inputs
	FROM stage CROSS JOIN jsonb_each_text(stage.inputs) AS input JOIN stage AS source ON source.key = input.value
	WHERE source.attempt_id IS NOT NULL
	GROUP BY stage.key
) AS read
WHERE read.key = "attempt"."stage_key" AND "attempt"."status" = 'succeeded';
