/** Exit code of a program that wrote to a pipe which nobody reads any more (128 + SIGPIPE), as shells have it. */
const CLOSED_PIPE = 141;

/**
 * Ends without a word when what reads the output (`| head`, a pager) has ended. Node ignores the signal by which other
 * programs end then, and would print the stack of an error instead.
 */
export function endWithReader(): void {
	for (const stream of [process.stdout, process.stderr]) {
		stream.on("error", (error: NodeJS.ErrnoException) => {
			if (error.code === "EPIPE") process.exit(CLOSED_PIPE);
			throw error;
		});
	}
}
