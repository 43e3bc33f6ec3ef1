-- Where stages run. A host is the worker's own machine (`local`) or a cluster that its executor speaks to.
CREATE TABLE "host" (
	"name" TEXT NOT NULL,
	"kind" TEXT NOT NULL,
	"address" TEXT,
	"token" TEXT,
	"slots" INTEGER,
	"gpus" INTEGER NOT NULL DEFAULT 0,
	"state" TEXT NOT NULL DEFAULT 'unknown',
	"problem" TEXT,
	"unreachable_since" TIMESTAMP(3),
	"draining" BOOLEAN NOT NULL DEFAULT false,
	"facts" JSONB NOT NULL DEFAULT '{}',
	"settings" JSONB NOT NULL DEFAULT '{}',
	"price_per_hour" DOUBLE PRECISION,
	"probing_at" TIMESTAMP(3),
	"probed_at" TIMESTAMP(3),
	"created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	CONSTRAINT "host_pkey" PRIMARY KEY ("name")
);
INSERT INTO "host" ("name", "kind", "state") VALUES ('local', 'local', 'reachable');

-- An attempt is known by its host and a handle that only the host's executor reads. What runs now is carried over.
ALTER TABLE "attempt" ADD COLUMN "host" TEXT NOT NULL DEFAULT 'local',
	ADD COLUMN "handle" TEXT,
	ADD COLUMN "unreachable_since" TIMESTAMP(3),
	ADD COLUMN "event_offset" BIGINT NOT NULL DEFAULT 0,
	ADD COLUMN "gpus" INTEGER NOT NULL DEFAULT 0,
	ADD COLUMN "launch_id" TEXT;
UPDATE "attempt" SET "handle" = "pid" || '@' || "pid_started_at" WHERE "pid" IS NOT NULL AND "pid_started_at" IS NOT NULL;
ALTER TABLE "attempt" DROP COLUMN "pid", DROP COLUMN "pid_started_at";
CREATE INDEX "attempt_host_status_idx" ON "attempt"("host", "status");
CREATE INDEX "attempt_launch_id_idx" ON "attempt"("launch_id");

ALTER TABLE "model_server" ADD COLUMN "host" TEXT NOT NULL DEFAULT 'local',
	ADD COLUMN "handle" TEXT;
UPDATE "model_server" SET "handle" = "pid" || '@' || "pid_started_at" WHERE "pid" IS NOT NULL AND "pid_started_at" IS NOT NULL;
ALTER TABLE "model_server" DROP COLUMN "pid", DROP COLUMN "pid_started_at";

-- Where a launch may run, and how much of GPUs it may use; and what its stages need, which is no part of their keys.
ALTER TABLE "launch" ADD COLUMN "on_host" TEXT,
	ADD COLUMN "budget_gpu_hours" DOUBLE PRECISION;
ALTER TABLE "run_stage" ADD COLUMN "gpus" INTEGER NOT NULL DEFAULT 0,
	ADD COLUMN "memory_gb" DOUBLE PRECISION;
