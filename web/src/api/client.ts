/*
 * Requests to this server, and nothing else. Every GET carries the ETag of what is already here;
 * every change carries the session's CSRF token. A failed request is a Problem (RFC 9457), also when
 * the network is what failed, so that pages have one way to say what happened.
 */
import { signal } from "@preact/signals";

export class Problem extends Error {
	readonly status: number;
	readonly slug: string;
	readonly title: string;
	readonly detail: string;
	readonly field: string | null;
	readonly requestId: string | null;

	constructor(status: number, body: Record<string, unknown>, requestId: string | null) {
		const text = (name: string): string | null => {
			const value = body[name];
			return typeof value === "string" && value !== "" ? value : null;
		};
		const title = text("title") ?? (status === 0 ? "No answer from the server" : `HTTP ${status}`);
		super(title);
		this.status = status;
		this.title = title;
		this.detail = text("detail") ?? "";
		this.slug = (text("type") ?? "").replace(/^.*\//, "");
		this.field = text("field");
		this.requestId = text("request_id") ?? requestId;
	}

	get offline(): boolean {
		return this.status === 0;
	}
}

export interface Fetched {
	data: unknown;
	etag: string | null;
	/** false when the server said that what we hold is still right */
	fresh: boolean;
}

export const csrf = signal("");
/** Set when an answer says that nobody is signed in (any more). */
export const signedOut = signal(0);
/** null while the server answers; since when it does not, otherwise. */
export const offlineSince = signal<number | null>(null);

const TIMEOUT_MS = 30_000;

async function send(method: string, path: string, init: RequestInit): Promise<Response> {
	let res: Response;
	try {
		res = await fetch(path, {
			method,
			credentials: "same-origin",
			cache: "no-store",
			signal: AbortSignal.timeout(TIMEOUT_MS),
			...init,
		});
	} catch (e) {
		offlineSince.value ??= Date.now();
		const late = e instanceof DOMException && e.name === "TimeoutError";
		throw new Problem(0, {
			title: late ? "The server did not answer in time" : "No answer from the server",
			detail: late
				? `Nothing came back within ${TIMEOUT_MS / 1000} seconds.`
				: "It may be stopped, or the network between is down. This page tries again by itself.",
		}, null);
	}
	offlineSince.value = null;
	return res;
}

async function problemOf(res: Response): Promise<Problem> {
	let body: Record<string, unknown> = {};
	try {
		const json: unknown = await res.json();
		if (json && typeof json === "object" && !Array.isArray(json)) body = json as Record<string, unknown>;
	} catch {
		/* a proxy's own error page: the status has to do */
	}
	return new Problem(res.status, body, res.headers.get("X-Request-Id"));
}

async function jsonOf(res: Response): Promise<unknown> {
	try {
		return await res.json();
	} catch {
		throw new Problem(res.status, {
			title: "The answer cannot be read",
			detail: "The server's answer is not the JSON that this page expects.",
		}, res.headers.get("X-Request-Id"));
	}
}

export async function get(path: string, held: { data: unknown; etag: string | null } | null = null,
	quiet401 = false): Promise<Fetched> {
	const headers: Record<string, string> = { Accept: "application/json" };
	if (held?.etag) headers["If-None-Match"] = held.etag;
	const res = await send("GET", path, { headers });
	if (res.status === 304 && held) return { data: held.data, etag: held.etag, fresh: false };
	if (!res.ok) {
		if (res.status === 401 && !quiet401) signedOut.value++;
		throw await problemOf(res);
	}
	return { data: await jsonOf(res), etag: res.headers.get("ETag"), fresh: true };
}

/** POST, PUT or DELETE with a JSON body; null for an empty answer. */
export async function change(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown> {
	const headers: Record<string, string> = { Accept: "application/json" };
	if (csrf.value) headers["X-CSRF-Token"] = csrf.value;
	if (body !== undefined) headers["Content-Type"] = "application/json";
	const res = await send(method, path, { headers, body: body === undefined ? null : JSON.stringify(body) });
	if (!res.ok) {
		if (res.status === 401 && !path.startsWith("/api/v1/session")) signedOut.value++;
		throw await problemOf(res);
	}
	return res.status === 204 ? null : await jsonOf(res);
}
