export { pinModels } from "./pin-models";
