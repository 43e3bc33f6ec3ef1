-- What the console measures of a dataset is kept in the record: the store may be a bucket, and belongs to the worker.
ALTER TABLE "dataset" ADD COLUMN "characteristics" JSONB;
