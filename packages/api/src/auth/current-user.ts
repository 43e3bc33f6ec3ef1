import { timingSafeEqual } from "node:crypto";
import type { Services } from "../context";
import { OWNER } from "./auth";

export interface CurrentUser {
	/** Null for the command line, which acts for the owner. */
	id: string | null;
	name: string;
	email: string;
}

function sameToken(given: string, expected: string): boolean {
	const a = Buffer.from(given);
	const b = Buffer.from(expected);
	return a.length === b.length && timingSafeEqual(a, b);
}

export async function currentUser(
	{ auth, cliToken }: Pick<Services, "auth" | "cliToken">,
	headers: Headers,
): Promise<CurrentUser | null> {
	const bearer = headers.get("authorization")?.replace(/^Bearer /, "");
	if (bearer !== undefined) return sameToken(bearer, cliToken) ? { id: null, ...OWNER } : null;
	const session = await auth.getSession(headers);
	return session === null ? null : { id: session.user.id, name: session.user.name, email: session.user.email };
}
