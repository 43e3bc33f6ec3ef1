import { AppError, PIECE_HASH_HEADER, uploadId } from "@atelier/core";
import { z } from "zod";
import { currentUser } from "../auth/current-user";
import { type Services, uploadsOf } from "../context";
import { statusOf } from "../errors";

const place = z.object({
	id: uploadId,
	file: z.coerce.number().int().nonnegative(),
	piece: z.coerce.number().int().nonnegative(),
	hash: z.string().regex(/^[0-9a-f]{64}$/, `must be in the header ${PIECE_HASH_HEADER}, in hex`),
});

/** Takes one piece of an upload: `PUT /api/uploads/ID/FILE/PIECE`. A route of its own, since a file is no procedure's input. */
export async function receivePiece(
	services: Services,
	request: Request,
	params: { id: string; file: string; piece: string },
): Promise<Response> {
	try {
		if ((await currentUser(services, request.headers)) === null) {
			throw new AppError("UNAUTHORIZED", "Sign in first: npx atelier sign-in prints a one-time link.");
		}
		const parsed = place.safeParse({ ...params, hash: request.headers.get(PIECE_HASH_HEADER) });
		if (!parsed.success) {
			const problem = parsed.error.issues[0];
			throw new AppError("BAD_REQUEST", `${problem?.path.join(".")}: ${problem?.message}`);
		}
		if (request.body === null) throw new AppError("BAD_REQUEST", "The piece is empty.");
		await uploadsOf(services).receive(parsed.data, request.body);
		return new Response(null, { status: 204 });
	} catch (error) {
		if (!(error instanceof AppError)) throw error;
		return Response.json({ code: error.code, message: error.message }, { status: statusOf(error.code) });
	}
}
