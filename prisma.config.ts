import { defineConfig } from "prisma/config";

// Prisma 7 looks for its schema engine, a binary from outside the package registry, before every command, though only
// `migrate` and `db` ever run it. Any executable satisfies the look; generate, validate and format are pure WASM.
const command = process.argv[2];
if (command !== "migrate" && command !== "db") {
	process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;
}

export default defineConfig({
	schema: "prisma/schema.prisma",
	migrations: { path: "prisma/migrations" },
});
