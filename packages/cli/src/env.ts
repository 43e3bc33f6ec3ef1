import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AppError } from "@atelier/core";
import { z } from "zod";

const schema = z.object({
	/** Where the console answers; by default what the last `npm start` wrote down. */
	ATELIER_URL: z.url().optional(),
	/** Bearer token; by default the one that `npm start` keeps beside its data. */
	ATELIER_CLI_TOKEN: z.string().min(1).optional(),
	ATELIER_HOME: z.string().optional(),
});

export interface CliEnv {
	url: string;
	token: string;
	home: string;
}

const repository = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** @throws AppError UNAVAILABLE when no console was ever started here, BAD_REQUEST for a malformed variable. */
export function readEnv(): CliEnv {
	const variables = parsed(schema);
	const home = homeOf(variables.ATELIER_HOME);
	const url = variables.ATELIER_URL ?? readConsoleUrl(home);
	const tokenFile = join(home, "cli-token");
	const token =
		variables.ATELIER_CLI_TOKEN ?? (existsSync(tokenFile) ? readFileSync(tokenFile, "utf8").trim() : undefined);
	if (url !== undefined) refuseTellingToken(url, variables.ATELIER_CLI_TOKEN !== undefined);
	if (url === undefined || token === undefined) {
		throw new AppError("UNAVAILABLE", "No console was started from this checkout yet. Run npm start first.");
	}
	return { url, token, home };
}

/** @throws AppError BAD_REQUEST that names the variable and what it wants */
export function parsed<T>(variables: z.ZodType<T>): T {
	const result = variables.safeParse(process.env);
	if (result.success) return result.data;
	const problem = result.error.issues[0];
	throw new AppError("BAD_REQUEST", `Environment variable ${problem?.path.join(".")}: ${problem?.message}`);
}

/** The data folder of this checkout, or the one that is named. */
export const homeOf = (named: string | undefined) => resolve(named || join(repository, ".atelier"));

/**
 * The token is as good as a password: it does not cross a network that anyone can read, and the one that lies beside
 * this checkout's data is for the console of this machine alone.
 *
 * @throws AppError BAD_REQUEST
 */
function refuseTellingToken(url: string, isTokenGiven: boolean): void {
	const { protocol, hostname, host } = new URL(url);
	if (/^(127(\.\d+){3}|localhost|\[::1\])$/.test(hostname)) return;
	if (protocol !== "https:") {
		throw new AppError(
			"BAD_REQUEST",
			`ATELIER_URL: ${host} is another machine, and without https anyone on the way could read the token. ` +
				"Use its https address, or a tunnel (ssh -L 3000:127.0.0.1:3000).",
		);
	}
	if (!isTokenGiven) {
		throw new AppError("BAD_REQUEST", `ATELIER_URL: ${host} is another machine; give its token in ATELIER_CLI_TOKEN.`);
	}
}

function readConsoleUrl(home: string): string | undefined {
	const file = join(home, "console.json");
	if (!existsSync(file)) return undefined;
	return z.object({ url: z.url() }).parse(JSON.parse(readFileSync(file, "utf8"))).url;
}
