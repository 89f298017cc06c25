/* The head and the sections that all pages share. */
import { useEffect, useRef } from "preact/hooks";
import { visible } from "../format.ts";
import { href, place, wantedScroll, type Query } from "../router.ts";
import { Icon, type Children, type IconName } from "./icons.tsx";

export const PRODUCT = "Verifleet";

/** Title of the window. A page about one simulated thing says so in its head; its rows then need not. */
export function Page({ title, children, cls = "", simulated = false }: { title: string; children: Children; cls?: string; simulated?: boolean }) {
	useEffect(() => {
		document.title = `${visible(title)} · ${PRODUCT}`;
	}, [title]);
	return <div class={`page ${cls} ${simulated ? "page-simulated" : ""}`}>{children}</div>;
}

export interface Crumb {
	text: string;
	href?: string;
}

let firstView = true;

export function Head({ crumbs = [], title, mono = false, sub, badges, actions, meta }: {
	crumbs?: Crumb[];
	title: Children;
	mono?: boolean;
	sub?: Children;
	badges?: Children;
	actions?: Children;
	meta?: Children;
}) {
	const h1 = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		/* After a move inside the application the reader starts at the heading; at the first view,
		 * or when only the query changed, the focus stays where it is. */
		if (!firstView && (document.activeElement === document.body || !document.activeElement?.closest("main, .topbar input"))) {
			h1.current?.focus({ preventScroll: true });
		}
		firstView = false;
		if (wantedScroll !== null) window.scrollTo(0, wantedScroll);
	}, []);
	return (
		<header class="head">
			{crumbs.length
				? (
					<nav aria-label="Breadcrumb" class="crumbs">
						<ol>
							{crumbs.map((c) => (
								<li key={c.text}>{c.href ? <a href={c.href}><bdi>{visible(c.text)}</bdi></a> : <bdi>{visible(c.text)}</bdi>}</li>
							))}
						</ol>
					</nav>
				)
				: null}
			<div class="head-row">
				<h1 ref={h1} tabIndex={-1} class={mono ? "mono" : ""}>{title}</h1>
				{badges ? <div class="head-badges">{badges}</div> : null}
				{actions ? <div class="head-actions">{actions}</div> : null}
			</div>
			{sub ? <p class="head-sub">{sub}</p> : null}
			{meta ? <div class="head-meta">{meta}</div> : null}
		</header>
	);
}

export function Section({ id, title, n, note, actions, children, cls = "" }: {
	id: string;
	title: Children;
	n?: Children;
	note?: Children;
	actions?: Children;
	children: Children;
	cls?: string;
}) {
	return (
		<section class={`section ${cls}`} aria-labelledby={`${id}-h`} id={id}>
			<div class="section-head">
				<h2 id={`${id}-h`}>{title}{n !== undefined ? <span class="section-n">{n}</span> : null}</h2>
				{actions ? <div class="section-actions">{actions}</div> : null}
			</div>
			{note ? <p class="section-note">{note}</p> : null}
			{children}
		</section>
	);
}

export interface Filter {
	name: string;
	label: string;
	text: string;
}

/** The filters in force, each removable; they are the query of the address. */
export function Filters({ filters }: { filters: Filter[] }) {
	if (filters.length === 0) return null;
	const p = place.value;
	const without = (names: string[]): string => {
		const all: Query = {};
		for (const [name, value] of p.query) if (!names.includes(name)) all[name] = value;
		return href(p.path, all);
	};
	return (
		<ul class="filters" aria-label="Filters in force">
			{filters.map((f) => (
				<li key={f.name}>
					<a class="chip" href={without(f.name === "build" ? ["build", "role", "new"] : [f.name])} data-keep-scroll
						aria-label={`Remove filter ${f.label} ${visible(f.text)}`}>
						<span class="chip-label">{f.label}</span>{" "}
						<bdi>{visible(f.text)}</bdi>
						<Icon name="cross" />
					</a>
				</li>
			))}
			{filters.length > 1 ? <li><a class="chip-clear" href={p.path} data-keep-scroll>Clear all</a></li> : null}
		</ul>
	);
}

export function Facts({ facts }: { facts: ([string, Children] | null | false)[] }) {
	return (
		<dl class="facts">
			{facts.filter((f): f is [string, Children] => Boolean(f)).map(([name, value]) => (
				<div key={name}><dt>{name}</dt><dd>{value}</dd></div>
			))}
		</dl>
	);
}

/** One number of the band below a head; it leads to its rows. */
export function Figure({ n, label, href: to, tone = "", icon }: { n: string; label: string; href: string | null; tone?: string; icon?: IconName }) {
	const body = (
		<>
			<span class="figure-n">{icon ? <Icon name={icon} /> : null}{n}</span>
			<span class="figure-label">{label}</span>
		</>
	);
	return <li class={`figure ${tone}`}>{to ? <a href={to}>{body}</a> : <div>{body}</div>}</li>;
}

