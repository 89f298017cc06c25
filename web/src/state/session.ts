/*
 * Who is signed in. The cookie is HttpOnly: the page only knows what /api/v1/session says.
 */
import { effect, signal } from "@preact/signals";
import { change, csrf, get, Problem, signedOut } from "../api/client.ts";
import type { Session } from "../api/model.ts";
import { forgetAll } from "../api/resource.ts";
import { href, navigate, place } from "../router.ts";

export type SessionState =
	| { state: "unknown" }
	| { state: "out"; expired: boolean }
	| { state: "failed"; problem: Problem }
	| { state: "in"; session: Session };

export const session = signal<SessionState>({ state: "unknown" });

const PATH = "/api/v1/session";

function accept(data: unknown): Session {
	const s = data as Session;
	csrf.value = s.csrf;
	session.value = { state: "in", session: s };
	return s;
}

export async function loadSession(): Promise<void> {
	try {
		accept((await get(PATH, null, true)).data);
	} catch (e) {
		if (!(e instanceof Problem)) throw e;
		session.value = e.status === 401 ? { state: "out", expired: false } : { state: "failed", problem: e };
	}
}

export async function signIn(name: string, password: string): Promise<Session> {
	return accept(await change("POST", PATH, { name, password }));
}

export async function signOut(): Promise<void> {
	await change("DELETE", PATH).catch((e: unknown) => {
		if (!(e instanceof Problem) || e.status !== 401) throw e;
	});
	forgetAll();
	csrf.value = "";
	session.value = { state: "out", expired: false };
	navigate("/sign-in");
}

/** Changing the password ends the one-time state; the session is read again for its new CSRF token. */
export async function setPassword(current: string, next: string): Promise<void> {
	await change("POST", `${PATH}/password`, { current, new: next });
	await loadSession();
}

const RANK = { viewer: 1, operator: 2, administrator: 3 } as const;

export function may(role: keyof typeof RANK): boolean {
	const s = session.value;
	if (s.state !== "in") return false;
	return (RANK[s.session.user.role as keyof typeof RANK] ?? 0) >= RANK[role];
}

/* An answer 401 anywhere: back to the sign-in page, which returns here afterwards. */
effect(() => {
	if (signedOut.value === 0) return;
	if (session.peek().state !== "in") return;
	session.value = { state: "out", expired: true };
	csrf.value = "";
	const p = place.peek();
	const query = p.query.toString();
	navigate(href("/sign-in", { return: query ? `${p.path}?${query}` : p.path }), { replace: true });
});
