/** Hides `new URL(…, import.meta.url)` of our packages from the bundler: they name folders on disk, not assets. */
module.exports = (source) => source.replaceAll("new URL(", "new globalThis.URL(");
