-- What a reader of a run's figures has to know: from warnings of its stages and of its evaluation.
ALTER TABLE "run" ADD COLUMN "warnings" JSONB NOT NULL DEFAULT '[]';
