import { z } from "zod";
import { promptsParams } from "./stage-params";

/** `form.json` of a prompts stage: what whoever reads its prompts would otherwise have to guess from their text. */
export const promptForm = z.strictObject({
	contract: z.literal(1),
	template: promptsParams.shape.template,
	idForm: promptsParams.shape.idForm,
	candidates: z.boolean(),
	/**
	 * Keys of attributes that the training prompts name, in the order of the alphabet: none where attributes are off, and
	 * none where the template writes values without their keys.
	 */
	namedAttributes: z.array(z.string()),
});
export type PromptForm = z.infer<typeof promptForm>;
