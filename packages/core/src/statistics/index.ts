export * from "./binomial";
export * from "./holm";
export * from "./paired-bootstrap";
export * from "./rank-summary";
export * from "./spread";
