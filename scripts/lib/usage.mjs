/**
 * `--help` prints `help` and ends; any other argument is refused.
 * @param {string[]} args @param {string} help
 * @returns {number | null} exit code, or null where there is nothing to say
 */
export function answerArguments(args, help) {
	if (args.length === 0) return null;
	if (args.every((arg) => arg === "--help" || arg === "-h")) {
		console.log(help);
		return 0;
	}
	const unknown = args.find((arg) => arg !== "--help" && arg !== "-h");
	console.error(`"${unknown}" is not understood.\n\n${help}`);
	return 2;
}

export const START_HELP = `npm start: brings up the whole console and stays until Ctrl-C.

Installs what is missing, starts Postgres, the console and the worker, and prints a sign-in link. What ends by itself is
started again. Ctrl-C stops all of it except training under way, which may be hours old: it goes on, and the next
npm start takes it up.

  npm start -- --stop-trainers   ends training that a stopped Atelier left running; its stages go on from there later

  ATELIER_PORT   the console's port (3000, or the next that is free)
  ATELIER_HOME   the folder for data and what is installed (.atelier)
  ATELIER_FILES  folders below which imports and models may be read, as in PATH (this checkout); nothing else on this
                 machine is read for anyone, and of ATELIER_HOME only what was uploaded
  ATELIER_UPLOAD_GB      what one upload may hold (20)
  ATELIER_PUBLIC_URL     where people open the console, when a proxy serves it under another name (https://…)
  ATELIER_TRUSTED_PROXY  addresses of that proxy (127.0.0.1): only its X-Forwarded headers are believed
  ATELIER_STORE          where datasets, weights and all that stages made lie: s3://bucket/prefix (the folder store in
                         ATELIER_HOME); npx atelier store copy --to s3://… brings what is there
  ATELIER_STORE_ENDPOINT, ATELIER_STORE_REGION, ATELIER_STORE_KEY, ATELIER_STORE_SECRET
                         the bucket's server, where it is not Amazon's, and its keys
  ATELIER_STORE_CACHE_GB what is kept here of a bucket (50)
  DATABASE_URL   a Postgres with pgvector of your own, in the place of the embedded one`;

export const TEST_HELP = `npm test: runs every test (TypeScript, Python, browser) and installs what they need first.

Ends with one line of counts, and with an exit code above 0 if any test failed.`;
