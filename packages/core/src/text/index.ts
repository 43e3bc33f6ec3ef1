export * from "./csv";
export * from "./file-name";
export * from "./latex";
export * from "./markdown";
export * from "./visible-text";
export * from "./xml";
