import { receivePiece } from "@atelier/api";
import { services } from "~/trpc/services";

export const dynamic = "force-dynamic";

interface Context {
	params: Promise<{ id: string; file: string; piece: string }>;
}

export async function PUT(request: Request, { params }: Context) {
	return receivePiece(await services(), request, await params);
}
