import { isIP } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { storeVariables } from "@atelier/api";
import { AppError } from "@atelier/core";
import { z } from "zod";

const schema = z.object({
	...storeVariables,
	DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
	/** Where people open the console; sign-in links start with it. */
	ATELIER_URL: z.url(),
	/** Signs sessions. */
	ATELIER_SECRET: z.string().min(32),
	/** What the command line sends; made by `npm start`. */
	ATELIER_CLI_TOKEN: z.string().min(16),
	/** Absolute folder of everything that a checkout makes. */
	ATELIER_HOME: z
		.string()
		.startsWith("/")
		.or(z.string().regex(/^[A-Za-z]:[\\/]/)),
	/** Folders, as in PATH, below which imports and models may be read; uploads may always. */
	ATELIER_FILES: z.string().default(""),
	/** What one upload may hold, in 10⁹ bytes. */
	ATELIER_UPLOAD_GB: z.coerce.number().positive().default(20),
	/** Folder of the suite files; by default the checkout's, as seen from apps/web. */
	ATELIER_SUITES: z.string().default(() => resolve("..", "..", "suites")),
});
export type Env = z.infer<typeof schema>;

const addresses = z
	.string()
	.default("")
	.transform((list) =>
		list
			.split(",")
			.map((address) => address.trim())
			.filter(Boolean),
	)
	.refine((list) => list.every((address) => isIP(address) !== 0), "wants addresses, as 127.0.0.1,10.0.0.7");

const serverSchema = schema
	.pick({ DATABASE_URL: true, ATELIER_URL: true, ATELIER_SECRET: true, ATELIER_HOME: true })
	.extend({
		...storeVariables,
		ATELIER_PORT: z.coerce.number().int().min(1).max(65_535),
		/** Address of this machine to listen on: another than loopback lets other machines in, without TLS. */
		ATELIER_LISTEN: z
			.string()
			.refine((address) => isIP(address) !== 0, "wants an address of this machine, as 0.0.0.0")
			.default("127.0.0.1"),
		/** Proxies in front of the console whose X-Forwarded headers count. */
		ATELIER_TRUSTED_PROXY: addresses,
	});

/** @throws AppError BAD_REQUEST that names the variable and what it wants. */
function read<T>(variables: z.ZodType<T>): T {
	const parsed = variables.safeParse(process.env);
	if (parsed.success) return parsed.data;
	const problem = parsed.error.issues[0];
	throw new AppError(
		"BAD_REQUEST",
		`Environment variable ${problem?.path.join(".")}: ${problem?.message}. npm start sets it.`,
	);
}

/** Folder of the Hugging Face cache, as its own library finds it. */
export function hubCache(): string {
	const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
	if (HF_HUB_CACHE) return resolve(HF_HUB_CACHE);
	return resolve(HF_HOME || join(XDG_CACHE_HOME || join(homedir(), ".cache"), "huggingface"), "hub");
}

/** What the console's procedures and pages need. */
export const readEnv = (): Env => read(schema);

/** What the server in front of them needs. */
export const readServerEnv = () => read(serverSchema);
