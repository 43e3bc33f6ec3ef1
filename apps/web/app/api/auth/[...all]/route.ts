import { services } from "~/trpc/services";

export const dynamic = "force-dynamic";

async function handler(request: Request) {
	return (await services()).auth.handler(request);
}

export { handler as GET, handler as POST };
