/** Where a page finds the nonce of its own answer. */
export const NONCE_HEADER = "x-nonce";

/**
 * Scripts run only with the answer's nonce, and what they load. Style elements need it too; style attributes do not:
 * charts and floating panels are placed by them, and they load and run nothing.
 */
function contentSecurityPolicy(nonce: string, isSecure: boolean): string {
	return [
		"default-src 'none'",
		`script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
		`style-src 'self' 'nonce-${nonce}'`,
		"style-src-attr 'unsafe-inline'",
		// Pictures of charts are made of data and blob addresses, in the page.
		"img-src 'self' data: blob:",
		"font-src 'self' data:",
		"connect-src 'self'",
		"manifest-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
		...(isSecure ? ["upgrade-insecure-requests"] : []),
	].join("; ");
}

/** Headers of every answer: pages, procedures, files, refusals and errors. */
export function securityHeaders(nonce: string, isSecure: boolean): Record<string, string> {
	return {
		"content-security-policy": contentSecurityPolicy(nonce, isSecure),
		"x-content-type-options": "nosniff",
		"x-frame-options": "DENY",
		// Not `no-referrer`, with which a form sends `Origin: null`.
		"referrer-policy": "same-origin",
		"permissions-policy":
			"accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()",
		"cross-origin-opener-policy": "same-origin",
		"cross-origin-resource-policy": "same-origin",
		"x-permitted-cross-domain-policies": "none",
		...(isSecure && { "strict-transport-security": "max-age=31536000; includeSubDomains" }),
	};
}
