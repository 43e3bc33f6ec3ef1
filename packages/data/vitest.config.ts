import { defineConfig } from "vitest/config";

// Imports of real files take seconds on a busy machine.
export default defineConfig({ test: { testTimeout: 30_000 } });
