-- pgvector: embeddings and their search.
CREATE EXTENSION IF NOT EXISTS "vector";

-- CreateEnum
CREATE TYPE "DatasetStatus" AS ENUM ('importing', 'ready', 'failed');

-- CreateEnum
CREATE TYPE "WorkStatus" AS ENUM ('queued', 'running', 'succeeded', 'failed', 'cancelled');

-- CreateEnum
CREATE TYPE "Action" AS ENUM ('search', 'click', 'purchase');

-- CreateTable
CREATE TABLE "dataset" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "group" TEXT,
    "format" TEXT NOT NULL,
    "status" "DatasetStatus" NOT NULL DEFAULT 'importing',
    "content_hash" TEXT,
    "synthetic" BOOLEAN NOT NULL DEFAULT false,
    "queries_derived" BOOLEAN NOT NULL DEFAULT false,
    "has_times" BOOLEAN NOT NULL DEFAULT true,
    "path" TEXT,
    "counts" JSONB,
    "rejected" JSONB,
    "sources" JSONB,
    "progress" JSONB,
    "error" TEXT,
    "request" JSONB NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ready_at" TIMESTAMP(3),

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "item" (
    "dataset_id" TEXT NOT NULL,
    "item_id" INTEGER NOT NULL,
    "item_key" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "attributes" JSONB NOT NULL,
    "family" TEXT,
    "price" DOUBLE PRECISION,

    CONSTRAINT "item_pkey" PRIMARY KEY ("dataset_id","item_id")
);

-- CreateTable
CREATE TABLE "interaction" (
    "dataset_id" TEXT NOT NULL,
    "user_id" INTEGER NOT NULL,
    "user_key" TEXT NOT NULL,
    "ord" INTEGER NOT NULL,
    "action" "Action" NOT NULL,
    "item_id" INTEGER,
    "query" TEXT,
    "at" TIMESTAMP(3),
    "derived" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "interaction_pkey" PRIMARY KEY ("dataset_id","user_id","ord")
);

-- CreateTable
CREATE TABLE "launch" (
    "id" TEXT NOT NULL,
    "suite" TEXT NOT NULL,
    "preset" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "created_by_id" TEXT,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "launch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" TEXT NOT NULL,
    "launch_id" TEXT NOT NULL,
    "dataset_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "variant" TEXT NOT NULL DEFAULT 'full',
    "setting" TEXT NOT NULL DEFAULT 'full',
    "seed" INTEGER NOT NULL,
    "preset" TEXT NOT NULL,
    "config" JSONB NOT NULL,
    "status" "WorkStatus" NOT NULL DEFAULT 'queued',
    "error" TEXT,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMP(3),
    "finished_at" TIMESTAMP(3),

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stage" (
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "dataset_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "params" JSONB NOT NULL,
    "seed" INTEGER NOT NULL,
    "inputs" JSONB NOT NULL,
    "status" "WorkStatus" NOT NULL DEFAULT 'queued',
    "attempt_id" TEXT,
    "path" TEXT,
    "progress" JSONB,
    "result" JSONB,
    "error" TEXT,
    "duration_ms" INTEGER,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMP(3),
    "finished_at" TIMESTAMP(3),

    CONSTRAINT "stage_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "run_stage" (
    "run_id" TEXT NOT NULL,
    "stage_key" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "reused" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "run_stage_pkey" PRIMARY KEY ("run_id","stage_key")
);

-- CreateTable
CREATE TABLE "attempt" (
    "id" TEXT NOT NULL,
    "stage_key" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "status" "WorkStatus" NOT NULL DEFAULT 'running',
    "worker_id" TEXT NOT NULL,
    "pid" INTEGER,
    "pid_started_at" TEXT,
    "path" TEXT NOT NULL,
    "lease_until" TIMESTAMP(3) NOT NULL,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "exit_code" INTEGER,
    "error" TEXT,
    "started_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMP(3),

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stage_event" (
    "id" BIGSERIAL NOT NULL,
    "attempt_id" TEXT NOT NULL,
    "stage_key" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "payload" JSONB NOT NULL,

    CONSTRAINT "stage_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "metric" (
    "run_id" TEXT NOT NULL,
    "slice" TEXT NOT NULL DEFAULT 'all',
    "name" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "low" DOUBLE PRECISION NOT NULL,
    "high" DOUBLE PRECISION NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "metric_pkey" PRIMARY KEY ("run_id","slice","name")
);

-- CreateTable
CREATE TABLE "prediction" (
    "run_id" TEXT NOT NULL,
    "example_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "ground_truth" INTEGER NOT NULL,
    "rank" INTEGER,
    "items" INTEGER[],
    "origins" TEXT[],
    "cold" BOOLEAN NOT NULL,

    CONSTRAINT "prediction_pkey" PRIMARY KEY ("run_id","example_id")
);

-- CreateTable
CREATE TABLE "example" (
    "stage_key" TEXT NOT NULL,
    "example_id" INTEGER NOT NULL,
    "user_id" INTEGER NOT NULL,
    "user_key" TEXT NOT NULL,
    "target_item" INTEGER NOT NULL,
    "target_ord" INTEGER NOT NULL,
    "session_ord" INTEGER NOT NULL,
    "session_at" TIMESTAMP(3),
    "query" TEXT,
    "cold" BOOLEAN NOT NULL,

    CONSTRAINT "example_pkey" PRIMARY KEY ("stage_key","example_id")
);

-- CreateTable
CREATE TABLE "prompt" (
    "stage_key" TEXT NOT NULL,
    "example_id" INTEGER NOT NULL,
    "prompt" TEXT NOT NULL,
    "response" TEXT NOT NULL,
    "candidates" INTEGER[],
    "target_at" INTEGER NOT NULL,

    CONSTRAINT "prompt_pkey" PRIMARY KEY ("stage_key","example_id")
);

-- CreateTable
CREATE TABLE "candidates" (
    "stage_key" TEXT NOT NULL,
    "example_id" INTEGER NOT NULL,
    "items" INTEGER[],
    "origins" INTEGER[],
    "neighbours" INTEGER[],
    "similarities" DOUBLE PRECISION[],

    CONSTRAINT "candidates_pkey" PRIMARY KEY ("stage_key","example_id")
);

-- CreateTable
CREATE TABLE "generation" (
    "stage_key" TEXT NOT NULL,
    "example_id" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "log_probability" DOUBLE PRECISION NOT NULL,
    "item_id" INTEGER,
    "title" TEXT,
    "failure" TEXT,

    CONSTRAINT "generation_pkey" PRIMARY KEY ("stage_key","example_id")
);

-- CreateTable
CREATE TABLE "retrieved_list" (
    "stage_key" TEXT NOT NULL,
    "example_id" INTEGER NOT NULL,
    "id_list" INTEGER[],
    "title_list" INTEGER[],

    CONSTRAINT "retrieved_list_pkey" PRIMARY KEY ("stage_key","example_id")
);

-- CreateTable
CREATE TABLE "query" (
    "stage_key" TEXT NOT NULL,
    "query_id" INTEGER NOT NULL,
    "query" TEXT NOT NULL,
    "derived" BOOLEAN NOT NULL,
    "searches" INTEGER NOT NULL,

    CONSTRAINT "query_pkey" PRIMARY KEY ("stage_key","query_id")
);

-- CreateTable
CREATE TABLE "memory_listing" (
    "stage_key" TEXT NOT NULL,
    "query_id" INTEGER NOT NULL,
    "items" INTEGER[],

    CONSTRAINT "memory_listing_pkey" PRIMARY KEY ("stage_key","query_id")
);

-- CreateTable
CREATE TABLE "embedding" (
    "stage_key" TEXT NOT NULL,
    "ref_id" INTEGER NOT NULL,
    "vector" vector NOT NULL,

    CONSTRAINT "embedding_pkey" PRIMARY KEY ("stage_key","ref_id")
);

-- CreateTable
CREATE TABLE "model_server" (
    "key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "port" INTEGER,
    "token" TEXT NOT NULL,
    "pid" INTEGER,
    "error" TEXT,
    "started_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_server_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "worker_heartbeat" (
    "id" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "started_at" TIMESTAMP(3) NOT NULL,
    "seen_at" TIMESTAMP(3) NOT NULL,
    "trainer" JSONB NOT NULL,

    CONSTRAINT "worker_heartbeat_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "expires_at" TIMESTAMP(3) NOT NULL,
    "token" TEXT NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMP(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "user_id" TEXT NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMP(3),
    "refresh_token_expires_at" TIMESTAMP(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMP(3) NOT NULL,
    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "dataset_name_key" ON "dataset"("name");

-- CreateIndex
CREATE INDEX "dataset_group_idx" ON "dataset"("group");

-- CreateIndex
CREATE INDEX "item_dataset_id_item_key_idx" ON "item"("dataset_id", "item_key");

-- CreateIndex
CREATE INDEX "interaction_dataset_id_user_key_idx" ON "interaction"("dataset_id", "user_key");

-- CreateIndex
CREATE INDEX "run_dataset_id_method_idx" ON "run"("dataset_id", "method");

-- CreateIndex
CREATE INDEX "run_status_idx" ON "run"("status");

-- CreateIndex
CREATE INDEX "run_created_at_idx" ON "run"("created_at");

-- CreateIndex
CREATE INDEX "stage_status_idx" ON "stage"("status");

-- CreateIndex
CREATE INDEX "stage_dataset_id_idx" ON "stage"("dataset_id");

-- CreateIndex
CREATE INDEX "run_stage_stage_key_idx" ON "run_stage"("stage_key");

-- CreateIndex
CREATE INDEX "attempt_status_idx" ON "attempt"("status");

-- CreateIndex
CREATE UNIQUE INDEX "attempt_stage_key_number_key" ON "attempt"("stage_key", "number");

-- CreateIndex
CREATE INDEX "stage_event_stage_key_id_idx" ON "stage_event"("stage_key", "id");

-- CreateIndex
CREATE UNIQUE INDEX "stage_event_attempt_id_seq_key" ON "stage_event"("attempt_id", "seq");

-- CreateIndex
CREATE INDEX "prediction_run_id_user_id_idx" ON "prediction"("run_id", "user_id");

-- CreateIndex
CREATE INDEX "example_stage_key_user_key_idx" ON "example"("stage_key", "user_key");

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "account_user_id_idx" ON "account"("user_id");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- AddForeignKey
ALTER TABLE "item" ADD CONSTRAINT "item_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interaction" ADD CONSTRAINT "interaction_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_launch_id_fkey" FOREIGN KEY ("launch_id") REFERENCES "launch"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_dataset_id_fkey" FOREIGN KEY ("dataset_id") REFERENCES "dataset"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_stage" ADD CONSTRAINT "run_stage_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_stage" ADD CONSTRAINT "run_stage_stage_key_fkey" FOREIGN KEY ("stage_key") REFERENCES "stage"("key") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_stage_key_fkey" FOREIGN KEY ("stage_key") REFERENCES "stage"("key") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stage_event" ADD CONSTRAINT "stage_event_attempt_id_fkey" FOREIGN KEY ("attempt_id") REFERENCES "attempt"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric" ADD CONSTRAINT "metric_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

