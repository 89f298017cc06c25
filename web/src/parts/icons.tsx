/* Our own icons: 16 px grid, 1.5 px strokes in currentColor, always beside a word or a label. */
import type { ComponentChildren, JSX } from "preact";

const SHAPES = {
	builds: <><path d="M8 1.8 14 5 8 8.2 2 5Z" /><path d="m2 8 6 3.2L14 8" /><path d="m2 11 6 3.2L14 11" /></>,
	findings: <><path d="M8 1.7 14.3 8 8 14.3 1.7 8Z" /><path d="M8 5.2v3.4" /><path d="M8 10.9v.1" /></>,
	machines: <><rect x="1.8" y="2.5" width="12.4" height="8.2" rx="1.2" /><path d="M5 13.5h6M8 10.7v2.8" /></>,
	runs: <><circle cx="8" cy="8" r="6.2" /><path d="M6.6 5.4v5.2L10.8 8Z" /></>,
	tray: <><path d="M1.8 9.2 4 3.3h8l2.2 5.9v3.3H1.8Z" /><path d="M1.8 9.2h3.4l1 1.6h3.6l1-1.6h3.4" /></>,
	start: <><path d="M2.5 13.5V2.5" /><path d="M2.5 3.3h9.8l-2 2.9 2 2.9H2.5" /></>,
	search: <><circle cx="7" cy="7" r="4.7" /><path d="m10.5 10.5 3.7 3.7" /></>,
	sun: <><circle cx="8" cy="8" r="2.9" /><path d="M8 1.3v1.5M8 13.2v1.5M1.3 8h1.5M13.2 8h1.5M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1" /></>,
	moon: <path d="M13.6 9.7A6 6 0 0 1 6.3 2.4a6 6 0 1 0 7.3 7.3Z" />,
	system: <><circle cx="8" cy="8" r="6.2" /><path d="M8 1.8v12.4A6.2 6.2 0 0 0 8 1.8Z" fill="currentColor" /></>,
	help: <><circle cx="8" cy="8" r="6.2" /><path d="M6.2 6.4c0-2.4 3.7-2.3 3.7-.1C9.9 7.7 8 7.7 8 9.2M8 11.4v.1" /></>,
	user: <><circle cx="8" cy="5.2" r="2.9" /><path d="M2.4 14c.7-3 2.8-4.4 5.6-4.4s4.9 1.4 5.6 4.4" /></>,
	copy: <><rect x="5.3" y="5.3" width="8.5" height="8.5" rx="1.4" /><path d="M10.7 5.3V3.6c0-.8-.6-1.4-1.4-1.4H3.6c-.8 0-1.4.6-1.4 1.4v5.7c0 .8.6 1.4 1.4 1.4h1.7" /></>,
	check: <path d="m2.8 8.6 3.4 3.4 7-8" />,
	cross: <path d="m3.5 3.5 9 9M12.5 3.5l-9 9" />,
	bang: <path d="M8 2.5v7M8 12.9v.1" stroke-width="2.2" />,
	down: <path d="m3.8 6 4.2 4.2L12.2 6" />,
	right: <path d="m6 3.8 4.2 4.2L6 12.2" />,
	left: <path d="M10 3.8 5.8 8l4.2 4.2" />,
	download: <path d="M8 1.8v8.4M4.4 6.8 8 10.4l3.6-3.6M2.2 13.8h11.6" />,
	print: <><path d="M4.3 5.5V1.9h7.4v3.6M4.3 11.6H1.9V5.5h12.2v6.1h-2.4" /><path d="M4.3 9.3h7.4v4.8H4.3Z" /></>,
	flask: <><path d="M6.1 1.8v4.3L2.3 13c-.3.7.1 1.4.9 1.4h9.6c.8 0 1.2-.7.9-1.4L9.9 6.1V1.8M4.9 1.8h6.2M4.2 9.8h7.6" /></>,
	clock: <><circle cx="8" cy="8" r="6.2" /><path d="M8 4.2V8l2.6 1.7" /></>,
	filter: <path d="M1.8 3h12.4L9.6 8.5v4.7l-3.2-1.4V8.5Z" />,
	key: <><circle cx="5" cy="11" r="3.2" /><path d="m7.3 8.7 6.2-6.2M10.7 5.3l2 2" /></>,
	out: <path d="M6.5 2.2H2.8v11.6h3.7M6 8h8M11 5l3 3-3 3" />,
	branch: <><circle cx="4.2" cy="3.4" r="1.6" /><circle cx="4.2" cy="12.6" r="1.6" /><circle cx="11.8" cy="5.2" r="1.6" /><path d="M4.2 5v6M11.8 6.8c0 2.6-7.6 1.4-7.6 4.2" /></>,
	keyboard: <><rect x="1.2" y="3.6" width="13.6" height="8.8" rx="1.3" /><path d="M4 6.5h.1M6.6 6.5h.1M9.2 6.5h.1M11.9 6.5h.1M4 9.5h.1M6.2 9.5h3.6M11.9 9.5h.1" /></>,
	/* kinds of findings */
	bugcheck: <><path d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3Z" /><path d="m5.9 5.9 4.2 4.2M10.1 5.9l-4.2 4.2" /></>,
	dma: <><path d="M1.8 5.2h11.4M10.4 2.4l2.8 2.8-2.8 2.8" /><path d="M14.2 10.8H2.8M5.6 8 2.8 10.8l2.8 2.8" /></>,
	iommu: <><path d="M8 1.6 13.4 4v4c0 3.2-2.2 5.3-5.4 6.4C4.8 13.3 2.6 11.2 2.6 8V4Z" /><path d="M5.4 8h5.2" /></>,
	leak: <path d="M8 1.8c2.7 3.2 4.2 5.4 4.2 7.7a4.2 4.2 0 0 1-8.4 0C3.8 7.2 5.3 5 8 1.8Z" />,
	object_leak: <><path d="M8 1.8 13.6 5v6L8 14.2 2.4 11V5Z" /><path d="m2.4 5 5.6 3.2L13.6 5M8 8.2v6" /></>,
	memory: <><rect x="4" y="4" width="8" height="8" rx="1" /><path d="M6.5 1.6V4M9.5 1.6V4M6.5 12v2.4M9.5 12v2.4M1.6 6.5H4M1.6 9.5H4M12 6.5h2.4M12 9.5h2.4" /></>,
	rule: <><path d="M5.8 3.5h8.4M5.8 8h8.4M5.8 12.5h8.4" /><path d="m1.5 3.6.9.9 1.5-1.8M1.5 8.1l.9.9 1.5-1.8M1.6 11.6l2 2M3.6 11.6l-2 2" /></>,
	static: <path d="m5 4-3.6 4L5 12M11 4l3.6 4L11 12M9.2 2.6 6.8 13.4" />,
	unexpected_restart: <><path d="M13.8 8a5.8 5.8 0 1 1-1.7-4.1l1.7 1.7" /><path d="M13.8 1.9v3.7h-3.7" /></>,
	boot_loop: <><path d="M2.2 8a5.8 5.8 0 0 1 10-4l1.6 1.6M13.8 8a5.8 5.8 0 0 1-10 4l-1.6-1.6" /><path d="M13.8 1.9v3.7h-3.7M2.2 14.1v-3.7h3.7" /></>,
	incident: <><path d="M8 2 14.5 13.5h-13Z" /><path d="M8 6.3v3.5M8 11.7v.1" /></>,
	kit_degraded: <><circle cx="8" cy="8" r="6.2" /><path d="M8 1.8V8l4.4 4.4" /></>,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof SHAPES;

export function isIcon(name: string): name is IconName {
	return Object.hasOwn(SHAPES, name);
}

/** Decorative unless it is given a label. */
export function Icon({ name, label, cls = "" }: { name: IconName; label?: string; cls?: string }) {
	return (
		<svg class={`icon ${cls}`} viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor"
			stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" focusable="false"
			{...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" })}>
			{SHAPES[name]}
		</svg>
	);
}

/** The mark: a row of machines, one of them telling. */
export function Mark({ cls = "" }: { cls?: string }) {
	return (
		<svg class={`mark ${cls}`} viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
			<rect class="mark-plate" x="1" y="1" width="22" height="22" rx="6" />
			<path class="mark-line" d="m5.5 8 4.6 9L18.5 6.5" fill="none" stroke-width="2.6" stroke-linecap="round"
				stroke-linejoin="round" />
			<circle class="mark-dot" cx="5.5" cy="8" r="1.9" />
			<circle class="mark-dot" cx="10.1" cy="17" r="1.9" />
			<circle class="mark-dot" cx="18.5" cy="6.5" r="1.9" />
		</svg>
	);
}

export type Children = ComponentChildren;
