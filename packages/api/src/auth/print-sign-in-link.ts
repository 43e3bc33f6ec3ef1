import { createDatabase } from "@atelier/db";
import { createAuth } from "./auth";
import { readEnv } from "./env";

/** Prints one sign-in link on stdout; run by `npm start` once the console answers. */
const env = readEnv();
const db = createDatabase(env.DATABASE_URL);
try {
	const auth = createAuth({ db, url: env.ATELIER_URL, secret: env.ATELIER_SECRET });
	process.stdout.write(`${await auth.createSignInLink()}\n`);
} finally {
	await db.$disconnect();
}
