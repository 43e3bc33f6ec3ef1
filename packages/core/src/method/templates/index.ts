import type { StageParams } from "../../contracts";
import { paper1 } from "./paper-1";
import type { PromptTemplate } from "./template";

export type { PromptTemplate, TemplateSwitches } from "./template";

/** Every template version by its id. */
export const PROMPT_TEMPLATES: Record<StageParams<"prompts">["template"], PromptTemplate> = { "paper-1": paper1 };
