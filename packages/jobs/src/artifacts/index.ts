export { isOutputName, isWrittenOnce } from "./output-names";
export { type ArtifactHandler, type ArtifactRouteConfig, artifactRoute } from "./route/artifact-route";
export { AddressSigner, ARTIFACTS, type ArtifactGrant } from "./signed-address";
