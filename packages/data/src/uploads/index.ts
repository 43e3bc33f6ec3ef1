export { type Piece, UploadStore } from "./upload-store";
