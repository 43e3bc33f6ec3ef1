export * from "./binomial";
export * from "./holm";
export * from "./joint-outcomes";
export * from "./paired-bootstrap";
export * from "./rank-summary";
export * from "./spread";
export * from "./tail-bound";
