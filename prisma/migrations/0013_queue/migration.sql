-- The order of the queue is computed when a slot becomes free (docs/decisions/0014-the-order-of-stages.md). Until then
-- the record knows which stages are ready, and whose turn it is.
ALTER TABLE "launch" ADD COLUMN "priority" INTEGER NOT NULL DEFAULT 0,
	ADD COLUMN "turn_at" TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP;
UPDATE "launch" SET "turn_at" = "created_at";

ALTER TABLE "run" ADD COLUMN "place" INTEGER NOT NULL DEFAULT 0,
	ADD COLUMN "moved_up_at" TIMESTAMP(6);
CREATE INDEX "run_launch_id_idx" ON "run"("launch_id");

ALTER TABLE "stage" ADD COLUMN "ready" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "stage_ready_idx" ON "stage"("ready");
CREATE INDEX "stage_inputs_idx" ON "stage" USING GIN ("inputs");

-- A worker's own process, and a model server's, are known by pid and start time as trainers are.
ALTER TABLE "worker_heartbeat" ADD COLUMN "pid_started_at" TEXT,
	ADD COLUMN "slots" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "model_server" ADD COLUMN "pid_started_at" TEXT,
	ADD COLUMN "worker_id" TEXT;

-- A stage is ready when it is queued and everything that it reads has succeeded. Kept by triggers, so that whoever
-- changes a status, and however, cannot forget it.
CREATE FUNCTION stage_inputs_succeeded(inputs JSONB) RETURNS BOOLEAN LANGUAGE sql STABLE AS $$
	SELECT NOT EXISTS (
		SELECT 1 FROM jsonb_each_text(inputs) AS input LEFT JOIN stage ON stage.key = input.value
		WHERE stage.status IS DISTINCT FROM 'succeeded'
	)
$$;

CREATE FUNCTION stage_set_ready() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
	NEW.ready := NEW.status = 'queued' AND stage_inputs_succeeded(NEW.inputs);
	-- Workers with a free slot listen; equal notifications of one transaction are sent once.
	IF NEW.ready THEN PERFORM pg_notify('atelier_queue', ''); END IF;
	RETURN NEW;
END
$$;
CREATE TRIGGER stage_set_ready BEFORE INSERT OR UPDATE OF "status", "ready", "inputs" ON "stage"
	FOR EACH ROW EXECUTE FUNCTION stage_set_ready();

CREATE FUNCTION stage_tell_dependents() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
	-- The trigger above works out what is right.
	UPDATE stage SET ready = NOT ready
	WHERE status = 'queued' AND inputs @? format('$.* ? (@ == %s)', to_json(NEW.key))::jsonpath
		AND ready <> stage_inputs_succeeded(inputs);
	RETURN NULL;
END
$$;
CREATE TRIGGER stage_tell_dependents AFTER INSERT OR UPDATE OF "status" ON "stage"
	FOR EACH ROW WHEN (NEW.status = 'succeeded') EXECUTE FUNCTION stage_tell_dependents();
CREATE TRIGGER stage_tell_dependents_no_more AFTER UPDATE OF "status" ON "stage"
	FOR EACH ROW WHEN (OLD.status = 'succeeded' AND NEW.status <> 'succeeded') EXECUTE FUNCTION stage_tell_dependents();

UPDATE "stage" SET "ready" = true WHERE "status" = 'queued';
