/*
 * Every state that data can be in before, instead of and beside its rows: loading (skeleton after
 * 150 ms), empty (why, and what to do), error (what happened, its request id, try again), partial.
 */
import type { Problem } from "../api/client.ts";
import { visible } from "../format.ts";
import { liveState } from "../live.ts";
import { Icon, type Children } from "./icons.tsx";

/** `tall`: as high as the table of two-line rows that will come, so that nothing below it moves. */
export function SkeletonRows({ rows = 8, what, tall = false }: { rows?: number; what: string; tall?: boolean }) {
	return (
		<div class={`skeleton ${tall ? "tall-rows" : ""}`} role="status" aria-label={`Loading ${what}`}>
			{Array.from({ length: rows }, (_, n) => <div key={n} class={`skeleton-row w${(n * 7) % 5}`} aria-hidden="true"><i /><i /><i /></div>)}
		</div>
	);
}

export function SkeletonPage({ what }: { what: string }) {
	return (
		<div class="page" aria-busy="true">
			<h1 class="sr">Loading</h1>
			<div class="skeleton skeleton-head" aria-hidden="true"><b /><i /></div>
			<SkeletonRows rows={9} what={what} />
		</div>
	);
}

export function Empty({ title, children, icon = "tray" }: { title: string; children?: Children; icon?: "tray" | "search" | "builds" | "machines" | "findings" | "check" }) {
	return (
		<div class="empty">
			<Icon name={icon} cls="empty-icon" />
			<p class="empty-title">{title}</p>
			{children ? <div class="empty-text">{children}</div> : null}
		</div>
	);
}

export function ProblemBox({ problem, what, retry }: { problem: Problem; what: string; retry: () => void }) {
	return (
		<div class="problem" role="alert">
			<Icon name="cross" cls="problem-icon" />
			<div>
				<p class="problem-title">{problem.offline ? visible(problem.title) : `${what} could not be loaded: ${visible(problem.title)}`}</p>
				{problem.detail ? <p>{visible(problem.detail)}</p> : null}
				<p class="problem-foot">
					<button type="button" class="button" onClick={retry}>Try again</button>
					{problem.requestId ? <span class="muted">Request <span class="mono">{visible(problem.requestId)}</span></span> : null}
				</p>
			</div>
		</div>
	);
}

/** Data is shown, but refreshing it failed: said once above it, with its age in the footer. */
export function StaleNote({ problem, retry }: { problem: Problem; retry: () => void }) {
	if (problem.offline || liveState.value === "offline") return null; /* the top bar says it for the whole page */
	return (
		<p class="notice warn" role="status">
			<Icon name="bang" /> <span>Not refreshed: {visible(problem.title)}. What is shown is older.</span>
			<button type="button" class="button small" onClick={retry}>Try again</button>
		</p>
	);
}

export function Partial({ children }: { children: Children }) {
	return <p class="notice warn" role="status"><Icon name="bang" /> <span>{children}</span></p>;
}
