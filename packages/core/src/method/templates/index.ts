import type { StageParams } from "../../contracts";
import { compact1 } from "./compact-1";
import { compact2 } from "./compact-2";
import { paper1 } from "./paper-1";
import type { PromptTemplate } from "./template";

export type { PromptTemplate, TemplateProduct, TemplateSwitches } from "./template";

/** Every template version by its id. */
export const PROMPT_TEMPLATES: Record<StageParams<"prompts">["template"], PromptTemplate> = {
	"paper-1": paper1,
	"compact-1": compact1,
	"compact-2": compact2,
};
