import { fileURLToPath } from "node:url";
import type { NextConfig } from "next";

const repository = fileURLToPath(new URL("../..", import.meta.url));

const config: NextConfig = {
	transpilePackages: [
		"@atelier/api",
		"@atelier/core",
		"@atelier/data",
		"@atelier/db",
		"@atelier/jobs",
		"@atelier/store",
		"@atelier/ui",
		"geist",
	],
	serverExternalPackages: ["pg", "pg-boss", "@prisma/client", "@prisma/adapter-pg", "@duckdb/node-api"],
	outputFileTracingRoot: repository,
	// DuckDB loads its native binding by a computed path, which tracing cannot see.
	outputFileTracingIncludes: { "/api/**": ["../../node_modules/@duckdb/**/*"] },
	turbopack: { root: repository },
	// TypeScript 7 has no JavaScript API; Next runs its command line instead.
	experimental: { useTypeScriptCli: true },
	reactStrictMode: true,
	poweredByHeader: false,
	// No picture is served but the icon: the optimizer would be a door for nothing.
	images: { unoptimized: true },
	devIndicators: false,
	// Figures 4 to 6 stood under this name once, and links to them are out there.
	redirects: async () => [{ source: "/settings", destination: "/figures", permanent: false }],
};

export default config;
