-- The control "ours w/o LLM" puts the memory's first product in the place of a generation: nothing was sampled.
ALTER TABLE "generation" ALTER COLUMN "log_probability" DROP NOT NULL;
