export * from "./attributes";
export * from "./parse-slice";
export * from "./print-slice";
export * from "./ready-slices";
export * from "./slice";
export { SliceError, type SliceProblem } from "./slice-error";
