import { defineConfig } from "vitest/config";

// Each file starts a console on a database of its own.
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 60_000 } });
