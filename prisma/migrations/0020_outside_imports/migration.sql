-- Files of ranks that are checked, and become runs of outside methods (docs/decisions/0030-outside-methods.md).
CREATE TABLE "outside_import" (
	"id" TEXT NOT NULL,
	"dataset_id" TEXT NOT NULL,
	"method" TEXT NOT NULL,
	"request" JSONB NOT NULL,
	"status" "WorkStatus" NOT NULL DEFAULT 'queued',
	"progress" JSONB,
	"report" JSONB,
	"error" TEXT,
	"run_id" TEXT,
	"was_there" BOOLEAN NOT NULL DEFAULT false,
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"finished_at" TIMESTAMP(3),
	CONSTRAINT "outside_import_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "outside_import_status_idx" ON "outside_import"("status");
CREATE INDEX "outside_import_dataset_id_idx" ON "outside_import"("dataset_id");
CREATE INDEX "outside_import_run_id_idx" ON "outside_import"("run_id");
ALTER TABLE "outside_import" ADD CONSTRAINT "outside_import_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id")
	ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "outside_import" ADD CONSTRAINT "outside_import_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id")
	ON DELETE SET NULL ON UPDATE CASCADE;
