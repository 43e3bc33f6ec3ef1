import { AppError } from "@atelier/core";
import { AddressSigner } from "@atelier/jobs";
import type { ExecutorFactory } from "../executors";
import { RayExecutor } from "./ray-executor";

/** @throws AppError UNAVAILABLE for a worker that cannot say where hosts find the artifacts, or sign their addresses */
export const makeRayExecutor: ExecutorFactory = ({ name, address, token, settings }, { env, store }) => {
	const consoleUrl = settings.artifactsUrl ?? env.ATELIER_URL;
	if (consoleUrl === undefined || env.ATELIER_SECRET === undefined) {
		throw new AppError("UNAVAILABLE", "The worker has no ATELIER_URL and ATELIER_SECRET; npm start sets both.");
	}
	const signer = new AddressSigner(env.ATELIER_SECRET);
	const addresses = { store, signer, consoleUrl: consoleUrl.replace(/\/+$/, "") };
	const silentLimitMs = env.ATELIER_HOST_SILENT_SECONDS * 1_000;
	return new RayExecutor({ name, address, token, settings }, addresses, env.ATELIER_TRAINER_PATH, silentLimitMs);
};
