/* Status is a shape, a word and a colour together; never colour alone. */
import { kindTitle } from "../state/words.ts";
import { Icon, isIcon } from "./icons.tsx";

export function Simulated({ small = false }: { small?: boolean }) {
	return (
		<span class={`badge simulated ${small ? "small" : ""}`} title="Made by the simulated lab, not by a test machine">
			<Icon name="flask" />Simulated
		</span>
	);
}

export function New({ word = "New" }: { word?: string }) {
	return (
		<span class="status fail">
			<svg class="shape" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><path d="M5 0 10 5 5 10 0 5Z" /></svg>
			{word}
		</span>
	);
}

export function Kind({ kind }: { kind: string }) {
	return (
		<span class={`kind kind-${isIcon(kind) ? kind : "other"}`}>
			<Icon name={isIcon(kind) ? kind : "findings"} />
			<span>{kindTitle(kind)}</span>
		</span>
	);
}

const ROLE: Record<string, { word: string; title: string; shape: string }> = {
	own: { word: "Own", title: "This build's driver is the culprit", shape: "M5 .5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9Z" },
	loaded: {
		word: "Other culprit", title: "This build's driver was loaded, another one is the culprit",
		shape: "M5 .5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9ZM5 2.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6Z",
	},
	other: {
		word: "Not seen loaded", title: "This build's driver is not the culprit, and no list shows it loaded",
		shape: "M0 4h10v2H0Z",
	},
	none: { word: "No build", title: "No registered build matches the loaded drivers", shape: "M0 4h3v2H0ZM7 4h3v2H7Z" },
};

export function Role({ role }: { role: string }) {
	const r = ROLE[role] ?? { word: role, title: role, shape: "M0 4h10v2H0Z" };
	return (
		<span class={`status ${role === "own" ? "fail" : "none"}`} title={r.title}>
			<svg class="shape" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true"><path fill-rule="evenodd" d={r.shape} /></svg>
			{r.word}
		</span>
	);
}

const ATTRIBUTION: Record<string, string> = {
	explicit: "named by the sender",
	run: "by the run it happened in",
	image: "by a matching image",
	none: "no build matches",
};

export function attributionText(word: string): string {
	return ATTRIBUTION[word] ?? word;
}
