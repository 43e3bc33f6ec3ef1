import { MARKER_PATHS, methodColour, methodLook } from "~/features/methods";

export interface MethodTickProps {
	x?: number | string;
	y?: number | string;
	payload?: { value?: unknown };
}

/** A method's marker and title at the value axis; the axis is keyed by the method's id. */
export function MethodTick({ x = 0, y = 0, payload }: MethodTickProps) {
	const method = String(payload?.value ?? "");
	const { title, marker } = methodLook(method);
	return (
		<g transform={`translate(${Number(x)} ${Number(y)})`}>
			<path d={MARKER_PATHS[marker]} transform="translate(-14 -6)" fill={methodColour(method)} />
			<text x={-20} dy={4} textAnchor="end" className="recharts-text">
				{title}
			</text>
		</g>
	);
}
