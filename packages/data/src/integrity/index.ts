export { listFiles } from "./artifact-files";
export { type Check, type CheckOptions, Verifier } from "./verifier";
