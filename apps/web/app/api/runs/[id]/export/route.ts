import { exportRun } from "@atelier/api";
import { services } from "~/trpc/services";

export const dynamic = "force-dynamic";

interface Context {
	params: Promise<{ id: string }>;
}

export async function GET(request: Request, { params }: Context) {
	return exportRun(await services(), request, await params);
}
