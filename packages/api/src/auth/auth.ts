import { createHmac, randomUUID } from "node:crypto";
import type { Database } from "@atelier/db";
import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { magicLink } from "better-auth/plugins";
import { z } from "zod";

/** The person who owns an embedded console. Members come with a later version. */
export const OWNER = { email: "owner@atelier.local", name: "Owner" } as const;
const LINK_SECONDS = 60 * 60;
/** A session ends this long after its sign-in, used or not. */
const SESSION_SECONDS = 7 * 24 * 60 * 60;
/** Links that one address may open in a minute. A token cannot be guessed; this keeps guessing from costing us. */
const OPENED_A_MINUTE = 30;
/** Written by the server in front (apps/web/server/door.ts), which takes it off every request before. */
const PEER_HEADER = "x-atelier-peer";

/** Where a link leads, and where one that is not good any more. */
const LEADS_TO = { callbackURL: "/", errorCallbackURL: "/sign-in" };

/** What is answered under /api/auth; the library has more doors than we use. */
const OPEN_PATHS = new Set(["GET /api/auth/magic-link/verify", "POST /api/auth/sign-out"]);

export interface AuthConfig {
	db: Database;
	/** Where the console answers, without a slash at the end. */
	url: string;
	secret: string;
}

/**
 * Begins the names of an instance's cookies: browsers tell cookies apart by host, not by port, and two consoles of one
 * machine must not sign each other's people out.
 */
export function cookiePrefixOf(secret: string): string {
	return `atelier-${createHmac("sha256", secret).update("cookie names").digest("hex").slice(0, 8)}`;
}

/**
 * Sign-in by one-time links. A link is made on the machine that runs the console (`npm start`, `npx atelier sign-in`)
 * and printed there, never mailed, so being able to read the terminal is what proves who asks. The record holds a hash
 * of its token: who reads the record cannot sign in with it.
 */
export function createAuth({ db, url, secret }: AuthConfig) {
	/** Who waits for which link, by the number of the request. */
	const issued = new Map<string, (link: string) => void>();
	const auth = betterAuth({
		database: prismaAdapter(db, { provider: "postgresql" }),
		baseURL: url,
		secret,
		// A page opened as "localhost" is the same console.
		trustedOrigins: [url, url.replace("127.0.0.1", "localhost")],
		telemetry: { enabled: false },
		session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true },
		rateLimit: { enabled: true, storage: "memory", window: 60, max: 120 },
		advanced: {
			// As the library does by itself everywhere but under tests.
			disableOriginCheck: false,
			cookiePrefix: cookiePrefixOf(secret),
			useSecureCookies: url.startsWith("https:"),
			defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" },
			ipAddress: { ipAddressHeaders: [PEER_HEADER] },
		},
		plugins: [
			magicLink({
				expiresIn: LINK_SECONDS,
				storeToken: "hashed",
				disableSignUp: true,
				rateLimit: { window: 60, max: OPENED_A_MINUTE },
				sendMagicLink: ({ url: link, metadata }) => {
					const { request } = z.object({ request: z.string() }).parse(metadata);
					issued.get(request)?.(link);
				},
			}),
		],
	});
	return {
		/** Answers what a browser asks under /api/auth. Links are not made there. */
		handler: async (request: Request): Promise<Response> => {
			const { pathname, searchParams } = new URL(request.url);
			if (!OPEN_PATHS.has(`${request.method} ${pathname}`)) {
				return Response.json({ message: "There is nothing here." }, { status: 404 });
			}
			if (request.method === "POST") return auth.handler(request);
			// Where a link leads is ours to say: of what was opened, the token alone counts.
			const link = new URL(`${url}${pathname}`);
			link.search = new URLSearchParams({ token: searchParams.get("token") ?? "", ...LEADS_TO }).toString();
			return auth.handler(new Request(link, request));
		},
		/** Begins the names of all cookies of this console. */
		cookiePrefix: cookiePrefixOf(secret),
		/** The signed-in person behind request headers, or null. */
		getSession: (headers: Headers) => auth.api.getSession({ headers }),
		/** A link that signs its first opener in, within the hour. */
		createSignInLink: async (): Promise<string> => {
			// Here and not when the link is opened: links opened at once would each make the owner.
			await db.user.createMany({ data: [{ id: randomUUID(), ...OWNER, emailVerified: true }], skipDuplicates: true });
			const request = randomUUID();
			const link = new Promise<string>((resolve) => issued.set(request, resolve));
			try {
				await auth.api.signInMagicLink({
					body: { ...OWNER, ...LEADS_TO, metadata: { request } },
					headers: new Headers(),
				});
				return await link;
			} finally {
				issued.delete(request);
			}
		},
	};
}
export type Auth = ReturnType<typeof createAuth>;
