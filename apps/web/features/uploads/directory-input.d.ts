import "react";

declare module "react" {
	interface InputHTMLAttributes<T> {
		/** Lets a folder be chosen; every browser has it, React's types have not. */
		webkitdirectory?: T extends HTMLInputElement ? string : never;
	}
}
