/** Titles that try to be something else, and how prompts write them; the trainer's tests read the same file. */
export { default as hostileTitles } from "../test/fixtures/hostile-titles.json";
