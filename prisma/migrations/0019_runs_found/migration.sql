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
