-- Paths in the record were absolute; relative to the store they stay right when the installation moves. What lies outside
-- a store (by hand, or in a test) stays as it is.
UPDATE "dataset" SET "path" = regexp_replace("path", '^.*/store/(datasets/[^/]+)/?$', '\1') WHERE "path" LIKE '/%';
UPDATE "stage" SET "path" = regexp_replace("path", '^.*/store/(stages/[^/]+/[^/]+/[^/]+)/?$', '\1') WHERE "path" LIKE '/%';
UPDATE "attempt" SET "path" = regexp_replace("path", '^.*/store/(stages/[^/]+/[^/]+/[^/]+)/?$', '\1') WHERE "path" LIKE '/%';
