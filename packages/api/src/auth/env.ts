import { AppError } from "@atelier/core";
import { z } from "zod";

const schema = z.object({
	DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
	ATELIER_URL: z.url(),
	ATELIER_SECRET: z.string().min(32),
});

/** @throws AppError BAD_REQUEST that names the variable and what it wants. */
export function readEnv(): z.infer<typeof schema> {
	const parsed = schema.safeParse(process.env);
	if (parsed.success) return parsed.data;
	const problem = parsed.error.issues[0];
	throw new AppError("BAD_REQUEST", `Environment variable ${problem?.path.join(".")}: ${problem?.message}`);
}
