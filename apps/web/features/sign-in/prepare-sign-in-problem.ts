export type SearchParams = Record<string, string | string[] | undefined>;

/** Why someone is here again, in words; null on a first visit. */
export function prepareSignInProblem(params: SearchParams): string | null {
	const error = typeof params.error === "string" ? params.error : null;
	if (error === "EXPIRED_TOKEN") return "That link is more than an hour old. Make a fresh one as below.";
	if (error !== null) return "That link was used before or is not one of this console's. Make a fresh one as below.";
	return params.ended === undefined ? null : "Your session has ended. Sign in again to go on.";
}
