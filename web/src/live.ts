/*
 * Keeps what is shown current: asks /api/v1/changes every two seconds and refetches only those
 * resources that a mounted part shows and a change touches. A hidden tab asks nothing; when it comes
 * back it asks once at once. Failures back off to 30 s, and the top bar says so.
 */
import { effect, signal } from "@preact/signals";
import { get, offlineSince, Problem } from "./api/client.ts";
import { shown, type Topic, type Watch } from "./api/resource.ts";
import { session } from "./state/session.ts";

export const INTERVAL_MS = 2000;
const SLOWEST_MS = 30_000;
/* The page's own data goes first. */
const FIRST_MS = 600;

export type LiveState = "starting" | "live" | "paused" | "offline";
export const liveState = signal<LiveState>("starting");
/** Last time that the server confirmed what is shown. */
export const confirmedAt = signal<number | null>(null);
/** The time, moved once a second while the page is seen: ages on the page follow it. */
export const clock = signal(Date.now());

interface Change {
	topic: Topic;
	id: number;
}

interface Changes {
	next: string;
	items: Change[];
	reset?: boolean;
}

/** Does a change of `topic` touch something that is watched like this? */
export function touches(watch: Watch, change: { topic: string; id: number }): boolean {
	if (!watch.topics.includes(change.topic as Topic)) return false;
	return watch.id === undefined || watch.topics[0] !== change.topic || watch.id === String(change.id);
}

let cursor: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let delay = INTERVAL_MS;
let asking = false;

function refetch(items: Change[] | null): void {
	for (const r of shown()) {
		if (items === null || items.some((c) => touches(r.watch, c)) || r.problem.value?.offline) void r.refresh();
	}
}

async function ask(): Promise<void> {
	if (asking) return;
	asking = true;
	clearTimeout(timer);
	const wasOffline = offlineSince.value !== null;
	try {
		const since = cursor === null ? "" : `?since=${encodeURIComponent(cursor)}`;
		const answer = (await get(`/api/v1/changes${since}`)).data as Changes;
		const first = cursor === null;
		cursor = answer.next;
		delay = INTERVAL_MS;
		confirmedAt.value = Date.now();
		liveState.value = "live";
		if (answer.reset || wasOffline) refetch(null);
		else if (first) refetch(null); /* what changed between its first reading and this cursor */
		else if (answer.items.length > 0) refetch(answer.items);
	} catch (e) {
		if (!(e instanceof Problem)) throw e;
		delay = Math.min(delay * 2, SLOWEST_MS);
		if (e.status !== 401) liveState.value = "offline";
	} finally {
		asking = false;
		schedule();
	}
}

function schedule(): void {
	clearTimeout(timer);
	if (document.hidden || session.value.state !== "in") return;
	timer = setTimeout(() => void ask(), delay);
}

export function retryNow(): void {
	delay = INTERVAL_MS;
	void ask();
	for (const r of shown()) if (r.problem.value) void r.refresh();
}

export function startLive(): void {
	setInterval(() => {
		if (!document.hidden) clock.value = Date.now();
	}, 1000);
	document.addEventListener("visibilitychange", () => {
		if (document.hidden) {
			clearTimeout(timer);
			liveState.value = "paused";
		} else if (session.value.state === "in") {
			clock.value = Date.now();
			delay = INTERVAL_MS;
			void ask();
		}
	});
	window.addEventListener("online", () => void retryNow());
	effect(() => {
		if (session.value.state === "in") {
			timer = setTimeout(() => void ask(), FIRST_MS);
		} else {
			cursor = null;
			clearTimeout(timer);
			liveState.value = "starting";
		}
	});
}
