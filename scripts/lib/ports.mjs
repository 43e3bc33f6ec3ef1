import { connect, createServer } from "node:net";

const host = "127.0.0.1";

/** @param {number} port @returns {Promise<boolean>} */
export function isPortFree(port) {
	return listenOnce(port).then(
		() => true,
		() => false,
	);
}

/** A port that nothing listens on just now. @returns {Promise<number>} */
export function freePort() {
	return listenOnce(0);
}

/** @param {number} port @returns {Promise<number>} the port that was bound and let go again */
function listenOnce(port) {
	return new Promise((resolve, reject) => {
		const server = createServer();
		server.once("error", reject);
		server.listen({ port, host, exclusive: true }, () => {
			const address = server.address();
			server.close(() => resolve(typeof address === "object" && address ? address.port : port));
		});
	});
}

/** @param {number} port @returns {Promise<boolean>} whether something accepts connections there */
export function accepts(port) {
	return new Promise((resolve) => {
		const socket = connect({ port, host, timeout: 1_000 });
		/** @param {boolean} answer */
		const end = (answer) => {
			socket.destroy();
			resolve(answer);
		};
		socket.once("connect", () => end(true));
		socket.once("timeout", () => end(false));
		socket.once("error", () => end(false));
	});
}
