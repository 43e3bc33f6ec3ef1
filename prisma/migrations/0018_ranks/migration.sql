-- Of a run, tests and slices need the ranks alone: one vector, in the order of the examples that it was tested on, which
-- runs of any split or setting share where they were tested on the same. The worker writes those of runs that are here.
CREATE TABLE "example_set" (
	"key" TEXT NOT NULL,
	"dataset_id" TEXT NOT NULL,
	"size" INTEGER NOT NULL,
	"members" BYTEA NOT NULL,
	CONSTRAINT "example_set_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "example_set_dataset_id_idx" ON "example_set"("dataset_id");
ALTER TABLE "example_set" ADD CONSTRAINT "example_set_dataset_id_fkey"
	FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "rank_vector" (
	"run_id" TEXT NOT NULL,
	"set_key" TEXT NOT NULL,
	"depth" INTEGER NOT NULL,
	"ranks" BYTEA NOT NULL,
	CONSTRAINT "rank_vector_pkey" PRIMARY KEY ("run_id")
);
ALTER TABLE "rank_vector" ADD CONSTRAINT "rank_vector_run_id_fkey"
	FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "example_column" (
	"stage_key" TEXT NOT NULL,
	"name" TEXT NOT NULL,
	"kind" TEXT NOT NULL,
	"set_key" TEXT NOT NULL,
	"dictionary" JSONB NOT NULL,
	"codes" BYTEA NOT NULL,
	"lacks" TEXT,
	CONSTRAINT "example_column_pkey" PRIMARY KEY ("stage_key", "name")
);
ALTER TABLE "example_column" ADD CONSTRAINT "example_column_stage_key_fkey"
	FOREIGN KEY ("stage_key") REFERENCES "stage"("key") ON DELETE CASCADE ON UPDATE CASCADE;

-- What a slice came to for some runs, kept like a contrast.
CREATE TABLE "slice_view" (
	"key" TEXT NOT NULL,
	"request" JSONB NOT NULL,
	"status" "WorkStatus" NOT NULL DEFAULT 'queued',
	"result" JSONB,
	"error" TEXT,
	"lease_until" TIMESTAMP(3),
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"finished_at" TIMESTAMP(3),
	CONSTRAINT "slice_view_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "slice_view_status_created_at_idx" ON "slice_view"("status", "created_at");
CREATE INDEX "slice_view_created_at_idx" ON "slice_view"("created_at");

CREATE TABLE "named_slice" (
	"name" TEXT NOT NULL,
	"text" TEXT NOT NULL,
	"created_by" TEXT,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "named_slice_pkey" PRIMARY KEY ("name")
);
