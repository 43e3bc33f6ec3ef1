-- Paired tests are computed once, off every event loop, and kept by what they were computed from.
CREATE TABLE "contrast" (
    "key" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "status" "WorkStatus" NOT NULL DEFAULT 'queued',
    "result" JSONB,
    "error" TEXT,
    "lease_until" TIMESTAMP(3),
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMP(3),

    CONSTRAINT "contrast_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "contrast_status_created_at_idx" ON "contrast"("status", "created_at");

-- They read ranks alone: from an index, since a prediction's lists take some hundred times their space.
DROP INDEX "prediction_run_id_user_id_idx";
CREATE INDEX "prediction_run_id_user_id_ground_truth_example_id_rank_idx" ON "prediction"("run_id", "user_id", "ground_truth", "example_id", "rank");
-- An index answers by itself only for pages that were vacuumed; by default that waits until a fifth of the table is new.
ALTER TABLE "prediction" SET (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 5000);
