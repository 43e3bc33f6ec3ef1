import { defineConfig } from "vitest/config";

// The object store's packages are installed at the first run.
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 240_000 } });
