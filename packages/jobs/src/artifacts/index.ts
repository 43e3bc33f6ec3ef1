export { isOutputName, isWrittenOnce } from "./output-names";
export { type ArtifactHandler, type ArtifactRouteConfig, artifactRoute } from "./route/artifact-route";
export { ADDRESS_SECONDS, AddressSigner, ARTIFACTS, type ArtifactGrant } from "./signed-address";
