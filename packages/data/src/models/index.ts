export { pinModels } from "./pin-models";
export { readModelFacts } from "./read-model-facts";
