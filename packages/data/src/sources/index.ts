import { AppError } from "@atelier/core";
import { IMPORT_FORMATS, type ImportRequest } from "../import/request";
import { planAmazonReviews } from "./amazon-reviews";
import { planAtelier } from "./atelier";
import { planMapping } from "./mapping";
import { planRecbole } from "./recbole";
import { planSequences } from "./sequences";
import type { SourcePlan } from "./source-plan";

export { shippedMappings } from "./mapping";

/** Finds what an import has to read. */
export async function planSource(request: ImportRequest): Promise<SourcePlan> {
	switch (request.format) {
		case "atelier":
			return planAtelier(request.path);
		case "sequences":
			return planSequences(request.path, request.itemsPath);
		case "recbole":
			return planRecbole(request.path);
		case "amazon-reviews":
			return planAmazonReviews(request.path);
		case "mapping":
			return planMapping(request.path, request.mapping);
		default:
			throw new AppError(
				"BAD_REQUEST",
				`There is no import format "${request.format}". Formats: ${IMPORT_FORMATS.join(", ")}.`,
			);
	}
}
