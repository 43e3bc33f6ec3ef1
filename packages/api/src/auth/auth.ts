import type { Database } from "@atelier/db";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError } from "better-auth/api";
import { magicLink } from "better-auth/plugins";

/** The person who owns an embedded console. Members come with a later version. */
export const OWNER = { email: "owner@atelier.local", name: "Owner" } as const;
const LINK_SECONDS = 60 * 60;

export interface AuthConfig {
	db: Database;
	/** Where the console answers, without a slash at the end. */
	url: string;
	secret: string;
}

/**
 * Sign-in by one-time links. A link is made on the machine that runs the console (`npm start`, `npx atelier sign-in`)
 * and printed there, never mailed, so being able to read the terminal is what proves who asks.
 */
export function createAuth({ db, url, secret }: AuthConfig) {
	const issued = new Map<string, (link: string) => void>();
	const auth = betterAuth({
		database: prismaAdapter(db, { provider: "postgresql" }),
		baseURL: url,
		secret,
		// A page opened as "localhost" is the same console.
		trustedOrigins: [url, url.replace("127.0.0.1", "localhost")],
		telemetry: { enabled: false },
		plugins: [
			magicLink({
				expiresIn: LINK_SECONDS,
				sendMagicLink: ({ email, url: link }) => {
					const take = issued.get(email);
					if (take === undefined) {
						throw new APIError("FORBIDDEN", { message: "Links are made with npx atelier sign-in only." });
					}
					take(link);
				},
			}),
		],
	});
	return {
		handler: auth.handler,
		/** The signed-in person behind request headers, or null. */
		getSession: (headers: Headers) => auth.api.getSession({ headers }),
		/** A link that signs its first opener in, within the hour. */
		createSignInLink: async (): Promise<string> => {
			const link = new Promise<string>((resolve) => issued.set(OWNER.email, resolve));
			await auth.api.signInMagicLink({
				body: { ...OWNER, callbackURL: "/", errorCallbackURL: "/sign-in" },
				headers: new Headers(),
			});
			return link.finally(() => issued.delete(OWNER.email));
		},
	};
}
export type Auth = ReturnType<typeof createAuth>;
