import { type MarkerShape, methodColour, methodLook } from "./methods";

/** Outlines in a 12 × 12 box, centred, of about equal area. */
export const MARKER_PATHS: Record<MarkerShape, string> = {
	circle: "M6 1.8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0-8.4Z",
	square: "M2.2 2.2h7.6v7.6H2.2Z",
	diamond: "M6 .9 11.1 6 6 11.1.9 6Z",
	triangle: "M6 1.2 11 10.2H1Z",
	"triangle-down": "M1 1.8h10L6 10.8Z",
	cross: "M2 .8 6 4.8l4-4L11.2 2l-4 4 4 4-1.2 1.2-4-4-4 4L.8 10l4-4-4-4Z",
	pentagon: "M6 1 11.2 4.8 9.2 10.8H2.8L.8 4.8Z",
	plus: "M4.6 .8h2.8v3.8h3.8v2.8H7.4v3.8H4.6V7.4H.8V4.6h3.8Z",
	hexagon: "M6 .9 10.6 3.5v5L6 11.1 1.4 8.5v-5Z",
	bar: "M.6 4h10.8v4H.6Z",
	sparkle: "M6 0C6.5 3.8 8.2 5.5 12 6 8.2 6.5 6.5 8.2 6 12 5.5 8.2 3.8 6.5 0 6 3.8 5.5 5.5 3.8 6 0Z",
	star: "M6 .4 7.6 4.1l4 .4-3 2.7.9 3.9L6 9l-3.5 2.1.9-3.9-3-2.7 4-.4Z",
};

export interface MethodMarkerProps {
	method: string;
	/** Pixels. */
	size?: number;
	/** The paper's own figure: outlined, where ours is filled. */
	hollow?: boolean;
}

export function MethodMarker({ method, size = 12, hollow = false }: MethodMarkerProps) {
	const colour = methodColour(method);
	return (
		<svg aria-hidden="true" viewBox="0 0 12 12" width={size} height={size} className="shrink-0">
			<path
				d={MARKER_PATHS[methodLook(method).marker]}
				fill={hollow ? "none" : colour}
				stroke={hollow ? colour : "none"}
				strokeWidth={1.4}
			/>
		</svg>
	);
}
