-- What an import left out of rows that it kept, and what tells a wrong reading at a glance. Older imports have neither.
ALTER TABLE "dataset" ADD COLUMN "warned" JSONB, ADD COLUMN "summary" JSONB;
