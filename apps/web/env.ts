import { resolve } from "node:path";
import { AppError } from "@atelier/core";
import { z } from "zod";

const schema = z.object({
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
	/** Folder of the suite files; by default the checkout's, as seen from apps/web. */
	ATELIER_SUITES: z.string().default(() => resolve("..", "..", "suites")),
});
export type Env = z.infer<typeof schema>;

/** @throws AppError BAD_REQUEST that names the variable and what it wants. */
export function readEnv(): Env {
	const parsed = schema.safeParse(process.env);
	if (parsed.success) return parsed.data;
	const problem = parsed.error.issues[0];
	throw new AppError(
		"BAD_REQUEST",
		`Environment variable ${problem?.path.join(".")}: ${problem?.message}. npm start sets it.`,
	);
}
