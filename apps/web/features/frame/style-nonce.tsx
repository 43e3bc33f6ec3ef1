"use client";
import { useState } from "react";

declare global {
	/** Where the libraries that add style elements (a dialog's lock on scrolling) look for the nonce. */
	var __webpack_nonce__: string | undefined;
}

/** Gives the page's nonce to what adds style elements later. It is the first answer's that counts, for as long as the page. */
export function StyleNonce({ nonce }: { nonce: string | undefined }) {
	useState(() => {
		if (typeof window !== "undefined") globalThis.__webpack_nonce__ = nonce;
		return nonce;
	});
	return null;
}
