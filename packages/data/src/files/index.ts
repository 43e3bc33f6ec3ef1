export { refuseModelOutside } from "./model-folder";
export { type ReadableFolders, readableFolders, readablePath, refuseLinksOut, UPLOADS } from "./readable-folders";
