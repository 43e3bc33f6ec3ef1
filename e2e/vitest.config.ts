import { defineConfig } from "vitest/config";

// An Atelier of its own, built if need be: minutes on a busy machine.
export default defineConfig({ test: { include: ["kills/**/*.test.ts"], testTimeout: 600_000 } });
