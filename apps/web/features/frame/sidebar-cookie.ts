/** Remembers the collapsed sidebar; a cookie, so that the server draws it right at once. */
export const sidebarCookie = (prefix: string) => `${prefix}.sidebar`;
