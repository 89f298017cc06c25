/*
 * The URL is the state: which page, which thing, which filters. match() and href() are pure and
 * tested alone; the signal below follows the address bar and nothing else decides what is shown.
 */
import { signal } from "@preact/signals";

export type PageName =
	| "home" | "builds" | "build" | "findings" | "finding" | "occurrences" | "occurrence"
	| "machines" | "machine" | "runs" | "rejected" | "setup" | "sign-in" | "password" | "not-found";

export interface Place {
	page: PageName;
	id: string;
	path: string;
	query: URLSearchParams;
}

const ROUTES: [RegExp, PageName][] = [
	[/^\/$/, "home"],
	[/^\/builds$/, "builds"],
	[/^\/(?:builds|b)\/([1-9]\d{0,17})$/, "build"],
	[/^\/findings$/, "findings"],
	[/^\/(?:findings|f)\/([1-9]\d{0,17})$/, "finding"],
	[/^\/occurrences$/, "occurrences"],
	[/^\/occurrences\/([1-9]\d{0,17})$/, "occurrence"],
	[/^\/machines$/, "machines"],
	[/^\/(?:machines|m)\/([1-9]\d{0,17})$/, "machine"],
	[/^\/runs$/, "runs"],
	[/^\/rejected$/, "rejected"],
	[/^\/setup$/, "setup"],
	[/^\/sign-in$/, "sign-in"],
	[/^\/password$/, "password"],
];

/** Which page an address asks for. A trailing slash is forgiven. */
export function match(pathname: string, search = ""): Place {
	const path = pathname.length > 1 ? pathname.replace(/\/+$/, "") || "/" : pathname;
	const query = new URLSearchParams(search);
	for (const [pattern, page] of ROUTES) {
		const m = pattern.exec(path);
		if (m) return { page, id: m[1] ?? "", path, query };
	}
	return { page: "not-found", id: "", path, query };
}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** Address with its query; empty, null and false members are left out, so equal states have equal URLs. */
export function href(path: string, query: Query = {}): string {
	const q = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		if (value === null || value === undefined || value === "" || value === false) continue;
		q.set(name, value === true ? "1" : String(value));
	}
	const text = q.toString();
	return text ? `${path}?${text}` : path;
}

/** The current query with some members changed. */
export function withQuery(place: Place, change: Query): string {
	const all: Query = {};
	for (const [name, value] of place.query) all[name] = value;
	return href(place.path, { ...all, ...change });
}

/** Where to go after signing in: only an address of this server, never another host. */
export function returnTo(value: string | null): string {
	if (!value || !/^\/(?![/\\])/.test(value) || /[\u0000-\u001f\\]/.test(value)) return "/";
	const page = match(value.split(/[?#]/)[0]!).page;
	return page === "sign-in" || page === "password" ? "/" : value;
}

const here = (): Place =>
	typeof location === "undefined" ? match("/") : match(location.pathname, location.search);

export const place = signal<Place>(here());

/* Set by going back or forward: the scroll position to return to once the page is drawn. */
export let wantedScroll: number | null = null;

function rememberScroll(): void {
	history.replaceState({ ...(history.state as object | null), y: window.scrollY }, "");
}

export function navigate(url: string, how: { replace?: boolean; keepScroll?: boolean } = {}): void {
	if (how.replace) {
		history.replaceState(history.state, "", url);
	} else {
		rememberScroll();
		history.pushState({}, "", url);
	}
	wantedScroll = how.keepScroll || how.replace ? window.scrollY : 0;
	place.value = here();
}

/** Plain left clicks on links to our own pages stay in the page. */
export function startRouter(): void {
	history.scrollRestoration = "manual";
	window.addEventListener("popstate", (e) => {
		wantedScroll = (e.state as { y?: number } | null)?.y ?? 0;
		place.value = here();
	});
	window.addEventListener("pagehide", rememberScroll);
	document.addEventListener("click", (e) => {
		if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
		const a = (e.target as Element).closest?.("a[href]");
		if (!(a instanceof HTMLAnchorElement) || a.target || a.hasAttribute("download")) return;
		if (a.origin !== location.origin || a.pathname.startsWith("/api/")) return;
		if (a.hash && a.pathname === location.pathname && a.search === location.search) return;
		e.preventDefault();
		navigate(a.pathname + a.search + a.hash, { keepScroll: a.hasAttribute("data-keep-scroll") });
	});
}
