"use client";
import { CheckCircle2, CircleAlert, X } from "lucide-react";
import { Toast as Primitive } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { IconButton } from "./button";

export interface ToastMessage {
	title: string;
	detail?: string;
	tone?: "good" | "bad";
	action?: ReactNode;
}
type Show = (message: ToastMessage) => void;

const ToastContext = createContext<Show | null>(null);

/** @returns a function that shows a message for a few seconds; needs {@link ToastProvider} above. */
export function useToast(): Show {
	const show = useContext(ToastContext);
	if (show === null) throw new Error("useToast needs a ToastProvider above it.");
	return show;
}

export function ToastProvider({ children }: { children: ReactNode }) {
	const [messages, setMessages] = useState<(ToastMessage & { id: number })[]>([]);
	const show = useCallback<Show>((message) => {
		setMessages((current) => [...current.slice(-2), { ...message, id: (current.at(-1)?.id ?? 0) + 1 }]);
	}, []);
	const drop = (id: number) => setMessages((current) => current.filter((message) => message.id !== id));
	return (
		<ToastContext.Provider value={show}>
			<Primitive.Provider duration={6000} swipeDirection="right">
				{children}
				{messages.map((message) => (
					<Primitive.Root
						key={message.id}
						onOpenChange={(open) => open || drop(message.id)}
						className="flex animate-enter items-start gap-3 rounded-md border bg-raised p-3 text-sm shadow-float"
					>
						{message.tone === "bad" ? (
							<CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-failed" />
						) : (
							<CheckCircle2 aria-hidden className="mt-0.5 size-4 shrink-0 text-succeeded" />
						)}
						<div className="min-w-0 flex-1">
							<Primitive.Title className="font-medium">{message.title}</Primitive.Title>
							{message.detail ? (
								<Primitive.Description className="break-words text-ink-muted">{message.detail}</Primitive.Description>
							) : null}
							{message.action}
						</div>
						<Primitive.Close asChild>
							<IconButton label="Dismiss" size="sm">
								<X />
							</IconButton>
						</Primitive.Close>
					</Primitive.Root>
				))}
				<Primitive.Viewport className="fixed right-4 bottom-4 z-[60] flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 outline-none" />
			</Primitive.Provider>
		</ToastContext.Provider>
	);
}
