/* The frame of every page: rail, top bar, help. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { offlineSince } from "../api/client.ts";
import type { Driver } from "../api/model.ts";
import { useList } from "../api/resource.ts";
import { ago, duration, num, visible } from "../format.ts";
import { helpOpen, SHORTCUTS } from "../keys.ts";
import { clock, confirmedAt, liveState, retryNow } from "../live.ts";
import { href, navigate, place, withQuery } from "../router.ts";
import { lastDriver, shortcuts, theme, type Theme } from "../state/prefs.ts";
import { session, signOut } from "../state/session.ts";
import { Simulated } from "./badges.tsx";
import { Icon, Mark, type Children, type IconName } from "./icons.tsx";
import { Kbd, Outside } from "./text.tsx";

const RAIL: { page: string; also: string[]; href: () => string; icon: IconName; text: string }[] = [
	{ page: "builds", also: ["build", "home"], href: () => href("/builds", { driver: lastDriver.value }), icon: "builds", text: "Builds" },
	{ page: "findings", also: ["finding", "occurrence", "occurrences"], href: () => "/findings", icon: "findings", text: "Findings" },
	{ page: "machines", also: ["machine"], href: () => "/machines", icon: "machines", text: "Machines" },
	{ page: "runs", also: [], href: () => "/runs", icon: "runs", text: "Runs" },
	{ page: "rejected", also: [], href: () => "/rejected", icon: "tray", text: "Rejected" },
	{ page: "setup", also: [], href: () => "/setup", icon: "start", text: "First steps" },
];

function Rail() {
	const page = place.value.page;
	return (
		<header class="rail">
			<div class="rail-in">
			<a class="brand" href="/" aria-label="Verifleet, to the builds"><Mark /><span>Verifleet</span></a>
			<nav aria-label="Main">
				<ul>
					{RAIL.map((e) => (
						<li key={e.page}>
							<a href={e.href()} aria-current={e.page === page ? "page" : e.also.includes(page) ? "true" : undefined}>
								<Icon name={e.icon} /><span>{e.text}</span>
							</a>
						</li>
					))}
				</ul>
			</nav>
			<p class="rail-foot">{session.value.state === "in" ? <span class="muted">{visible(session.value.session.server.version)}</span> : null}</p>
			</div>
		</header>
	);
}

/** Which driver the lists are about. On a list it is a filter of that list, elsewhere a way to its builds. */
function DriverMenu() {
	const open = useSignal(false);
	const p = place.value;
	const chosen = p.query.get("driver") ?? "";
	return (
		<div class="menu">
			<button type="button" class="menu-button driver-button" popovertarget="driver-menu" aria-haspopup="true">
				<Icon name="filter" />
				{chosen ? <Outside text={chosen} cls="mono ellipsis" /> : <span class="ellipsis">All drivers</span>}
				<Icon name="down" cls="small" />
			</button>
			<div id="driver-menu" popover="auto" class="popover popover-left" role="group" aria-label="Driver"
				onToggle={(e) => (open.value = (e as ToggleEvent).newState === "open")}>
				{open.value ? <DriverChoices chosen={chosen} /> : null}
			</div>
		</div>
	);
}

function DriverChoices({ chosen }: { chosen: string }) {
	const find = useSignal("");
	const q = find.value.trim();
	const shown = useList<Driver>(href("/api/v1/drivers", { limit: 100, q }), { topics: ["build", "finding"] });
	const p = place.value;
	const isList = p.page === "builds" || p.page === "findings";
	const to = (d: Driver | null): string => {
		const change = { driver: d?.name, project: d?.project };
		return isList ? withQuery(p, { ...change, branch: null, build: null, role: null, new: null }) : href("/builds", change);
	};
	const close = () => document.getElementById("driver-menu")?.hidePopover();
	const items = shown.data?.items ?? [];
	return (
		<div class="choices">
			<label class="sr" for="driver-find">Find a driver</label>
			<input id="driver-find" type="search" placeholder="Find a driver" value={find.value} maxLength={128} autocomplete="off"
				onInput={(e) => (find.value = e.currentTarget.value)} />
			<ul>
				<li><a href={to(null)} onClick={close} aria-current={chosen === "" ? "true" : undefined}>All drivers</a></li>
				{items.map((d) => (
					<li key={d.id}>
						<a href={to(d)} onClick={close} aria-current={d.name === chosen ? "true" : undefined}>
							<Outside text={d.name} cls="mono ellipsis" />
							<span class="choice-note">
								{d.simulated ? <Simulated small /> : null}
								{num(d.builds)} {d.builds === 1 ? "build" : "builds"}
							</span>
						</a>
					</li>
				))}
			</ul>
			{shown.problem ? <p class="choice-empty fail">{visible(shown.problem.title)}</p> : null}
			{shown.data && items.length === 0 ? <p class="choice-empty">{q ? "No driver of this name." : "No driver yet: it comes with its first build."}</p> : null}
		</div>
	);
}

function Search() {
	const box = useRef<HTMLInputElement>(null);
	const p = place.value;
	const q = p.page === "findings" ? p.query.get("q") ?? "" : "";
	useEffect(() => {
		if (box.current && document.activeElement !== box.current) box.current.value = q;
	}, [q]);
	return (
		<form class="search" role="search" aria-label="Findings" onSubmit={(e) => {
			e.preventDefault();
			const text = box.current?.value.trim() ?? "";
			navigate(p.page === "findings" ? withQuery(p, { q: text }) : href("/findings", { q: text }));
			box.current?.blur();
		}}>
			<Icon name="search" />
			<input id="search" ref={box} type="search" placeholder="Search findings" aria-label="Search findings" maxLength={128}
				autocomplete="off" spellcheck={false} enterkeyhint="search" />
			<Kbd>/</Kbd>
		</form>
	);
}

function LiveDot() {
	const state = liveState.value;
	const at = confirmedAt.value;
	const since = offlineSince.value;
	const word = { starting: "Connecting", live: "Live", paused: "Paused", offline: "Offline" }[state];
	const text = state === "offline"
		? `No answer for ${duration((clock.value - (since ?? clock.value)) / 1000)}`
		: at ? `Checked ${ago(new Date(at).toISOString(), clock.value)}` : "Asking the server";
	return (
		<span class={`live is-${state}`} title={text}>
			<svg class="shape" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
				{state === "offline" ? <path d="M1 1l8 8M9 1l-8 8" stroke="currentColor" stroke-width="2" /> : state === "paused"
					? <path d="M2 1v8M8 1v8" stroke="currentColor" stroke-width="2" />
					: <circle cx="5" cy="5" r="4" />}
			</svg>
			<span>{word}</span>
		</span>
	);
}

const THEMES: { theme: Theme; icon: IconName; text: string }[] = [
	{ theme: "light", icon: "sun", text: "Light" },
	{ theme: "dark", icon: "moon", text: "Dark" },
	{ theme: "system", icon: "system", text: "As the system" },
];

function ThemeMenu() {
	const now = THEMES.find((t) => t.theme === theme.value)!;
	return (
		<div class="menu">
			<button type="button" class="icon-button" popovertarget="theme-menu" aria-label={`Theme: ${now.text}`} title="Theme (t)">
				<Icon name={now.icon} />
			</button>
			<div id="theme-menu" popover="auto" class="popover popover-right" role="radiogroup" aria-label="Theme">
				{THEMES.map((t) => (
					<label key={t.theme} class="option">
						<input type="radio" name="theme" value={t.theme} checked={theme.value === t.theme} onChange={() => (theme.value = t.theme)} />
						<Icon name={t.icon} /><span>{t.text}</span>
					</label>
				))}
			</div>
		</div>
	);
}

function UserMenu() {
	const s = session.value;
	if (s.state !== "in") return null;
	const { name, role } = s.session.user;
	const close = () => document.getElementById("user-menu")?.hidePopover();
	return (
		<div class="menu">
			<button type="button" class="icon-button" popovertarget="user-menu" aria-label={`Signed in as ${visible(name)}`} title={visible(name)}>
				<Icon name="user" />
			</button>
			<div id="user-menu" popover="auto" class="popover popover-right" role="group" aria-label="Account">
				<p class="who"><strong><Outside text={name} /></strong><span class="muted">{role}</span></p>
				<a class="option" href="/password" onClick={close}><Icon name="key" /><span>Change password</span></a>
				<button type="button" class="option" onClick={() => { close(); void signOut(); }}><Icon name="out" /><span>Sign out</span></button>
			</div>
		</div>
	);
}

function Help() {
	const box = useRef<HTMLDialogElement>(null);
	const open = helpOpen.value;
	useEffect(() => {
		const d = box.current;
		if (!d) return;
		if (open && !d.open) d.showModal();
		if (!open && d.open) d.close();
	}, [open]);
	return (
		<dialog ref={box} class="dialog" aria-labelledby="help-h" onClose={() => (helpOpen.value = false)}
			onClick={(e) => { if (e.target === e.currentTarget) helpOpen.value = false; }}>
			<div class="dialog-body">
				<div class="dialog-head">
					<h2 id="help-h">Keyboard</h2>
					<button type="button" class="icon-button" aria-label="Close" onClick={() => (helpOpen.value = false)}><Icon name="cross" /></button>
				</div>
				<dl class="keys">
					{SHORTCUTS.map((s) => (
						<div key={s.text}><dt>{s.keys.map((k, n) => <>{n ? " then " : ""}<Kbd>{k}</Kbd></>)}</dt><dd>{s.text}</dd></div>
					))}
				</dl>
				<label class="switch">
					<input type="checkbox" checked={shortcuts.value} onChange={(e) => (shortcuts.value = e.currentTarget.checked)} />
					<span>Shortcuts on. Everything is also reached by Tab.</span>
				</label>
			</div>
		</dialog>
	);
}

function OfflineBar() {
	const since = offlineSince.value;
	if (liveState.value !== "offline" || since === null) return null;
	return (
		<p class="offline-bar" role="status">
			<Icon name="incident" />
			<span>No answer from the server since {new Date(since).toISOString().slice(11, 19)} UTC. What is shown was read before.</span>
			<button type="button" class="button small" onClick={() => retryNow()}>Try again</button>
		</p>
	);
}

export function Shell({ children }: { children: Children }) {
	return (
		<div class="shell">
			<a class="skip" href="#main">Skip to the content</a>
			<Rail />
			<div class="topbar" role="region" aria-label="Tools">
				<DriverMenu />
				<Search />
				<div class="tools">
					<LiveDot />
					<button type="button" class="icon-button" aria-label="Keyboard help" title="Keyboard help (?)" onClick={() => (helpOpen.value = true)}>
						<Icon name="keyboard" />
					</button>
					<ThemeMenu />
					<UserMenu />
				</div>
			</div>
			<main id="main" tabIndex={-1}>
				<OfflineBar />
				{children}
			</main>
			<Help />
		</div>
	);
}
