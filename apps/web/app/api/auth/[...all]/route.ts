import { checkRecord, foreseen, RecordAway } from "@atelier/api";
import { services } from "~/trpc/services";

export const dynamic = "force-dynamic";

async function handler(request: Request) {
	try {
		const { auth, db } = await services();
		const response = await auth.handler(request.clone());
		// The session library answers 500 for whatever it met; where that was the record, a link must not be lost with it.
		if (response.status >= 500) await checkRecord(db);
		return response;
	} catch (error) {
		const known = foreseen(error instanceof Error ? (error.cause ?? error) : error);
		if (!(known instanceof RecordAway)) throw error;
		return new Response(PAGE, { status: 503, headers: { "content-type": "text/html; charset=utf-8" } });
	}
}

/** For someone who opened a sign-in link just now: it asks again by itself. */
const PAGE = `<!doctype html>
<html lang="en">
<meta http-equiv="refresh" content="2">
<title>The record is restarting · Atelier</title>
<h1>The record is restarting.</h1>
<p>Nothing is lost; this page tries again by itself.</p>
</html>
`;

export { handler as GET, handler as POST };
