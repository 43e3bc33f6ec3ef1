export * from "./binomial";
export * from "./holm";
export * from "./paired-bootstrap";
export * from "./spread";
