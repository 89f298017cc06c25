/*
 * What a page shows, kept by address: a page that is opened again draws at once from here and is
 * refreshed behind. A refresh that finds nothing new costs one 304 and no drawing. Lists grow page by
 * page; a refresh never moves rows under the reader, it offers them (see `waiting`).
 */
import { signal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { get, Problem } from "./client.ts";

export type Topic = "build" | "finding" | "machine" | "rejected" | "run";

export interface Watch {
	topics: Topic[];
	/** only this thing's changes matter; every one when absent */
	id?: string;
}

export class Resource<T> {
	readonly path: string;
	readonly data: Signal<T | null> = signal(null);
	readonly problem: Signal<Problem | null> = signal(null);
	readonly loading = signal(false);
	readonly at = signal<number | null>(null);
	watch: Watch = { topics: [] };
	users = 0;
	protected etag: string | null = null;
	protected raw: unknown = null;
	private running: Promise<void> | null = null;
	private again = false;

	constructor(path: string) {
		this.path = path;
	}

	/** Joined: asked twice while one is under way, it runs once more after it. */
	refresh(): Promise<void> {
		if (this.running) {
			this.again = true;
			return this.running;
		}
		this.loading.value = true;
		this.running = this.load().then(
			() => {
				this.problem.value = null;
			},
			(e: unknown) => {
				if (!(e instanceof Problem)) throw e;
				this.problem.value = e;
			},
		).finally(() => {
			this.loading.value = false;
			this.running = null;
			if (this.again) {
				this.again = false;
				void this.refresh();
			}
		});
		return this.running;
	}

	protected async load(): Promise<void> {
		const got = await get(this.path, this.raw === null ? null : { data: this.raw, etag: this.etag });
		this.at.value = Date.now();
		if (!got.fresh) return;
		this.raw = got.data;
		this.etag = got.etag;
		this.accept(got.data);
	}

	protected accept(data: unknown): void {
		this.data.value = data as T;
	}
}

export interface Page<T> {
	items: T[];
	next: string | null;
	total: number | null;
}

interface Identified {
	id: number;
}

export class List<T extends Identified> extends Resource<Page<T>> {
	/** A first page with other rows or another order, held back until the reader asks for it. */
	readonly waiting: Signal<Page<T> | null> = signal(null);
	readonly growing = signal(false);
	readonly growProblem: Signal<Problem | null> = signal(null);

	/** How many rows the held-back page has that are not shown. */
	get fresh(): number {
		const shown = new Set(this.data.value?.items.map((i) => i.id));
		return this.waiting.value?.items.filter((i) => !shown.has(i.id)).length ?? 0;
	}

	protected override accept(data: unknown): void {
		const page = data as Page<T>;
		const old = this.data.value;
		if (!old || old.items.length === 0 || this.users === 0) {
			this.waiting.value = null;
			this.data.value = page;
			return;
		}
		const same = page.items.length <= old.items.length &&
			page.items.every((item, n) => item.id === old.items[n]?.id) &&
			(page.next !== null || page.items.length === old.items.length);
		if (!same) {
			this.waiting.value = page;
			return;
		}
		this.waiting.value = null;
		this.data.value = {
			items: [...page.items, ...old.items.slice(page.items.length)],
			next: old.items.length > page.items.length ? old.next : page.next,
			total: page.total,
		};
	}

	showWaiting(): void {
		if (this.waiting.value) this.data.value = this.waiting.value;
		this.waiting.value = null;
	}

	async grow(): Promise<void> {
		const now = this.data.value;
		if (!now?.next || this.growing.value) return;
		this.growing.value = true;
		this.growProblem.value = null;
		try {
			const sep = this.path.includes("?") ? "&" : "?";
			const got = await get(`${this.path}${sep}cursor=${encodeURIComponent(now.next)}`);
			const page = got.data as Page<T>;
			const base = this.data.value ?? now;
			const have = new Set(base.items.map((i) => i.id));
			this.data.value = {
				items: [...base.items, ...page.items.filter((i) => !have.has(i.id))],
				next: page.next,
				total: page.total ?? base.total,
			};
		} catch (e) {
			if (!(e instanceof Problem)) throw e;
			this.growProblem.value = e;
		} finally {
			this.growing.value = false;
		}
	}
}

const KEEP = 60;
const cache = new Map<string, Resource<unknown>>();

export function forgetAll(): void {
	cache.clear();
}

function obtain<R extends Resource<unknown>>(make: new (path: string) => R, path: string): R {
	const key = `${make.name} ${path}`;
	const known = cache.get(key) as R | undefined;
	if (known) {
		cache.delete(key);
		cache.set(key, known);
		return known;
	}
	const made = new make(path);
	cache.set(key, made);
	for (const [old, r] of cache) {
		if (cache.size <= KEEP) break;
		if (r.users === 0) cache.delete(old);
	}
	return made;
}

/** Every resource that some mounted part shows; live.ts refreshes those that a change touches. */
export function* shown(): Generator<Resource<unknown>> {
	for (const r of cache.values()) if (r.users > 0) yield r;
}

export interface Shown<T, R extends Resource<T>> {
	/** the resource of the address asked for */
	now: R;
	/** its data, or while it loads the data of the address before */
	data: T | null;
	/** the data shown belongs to the address before */
	dimmed: boolean;
	problem: Problem | null;
}

function use<T, R extends Resource<T>>(make: new (path: string) => R, path: string, watch: Watch,
	keepOld: boolean): Shown<T, R> {
	const now = useMemo(() => obtain(make as unknown as new (path: string) => Resource<unknown>, path), [path]) as unknown as R;
	now.watch = watch;
	const last = useRef<T | null>(null);
	useEffect(() => {
		now.users++;
		void now.refresh();
		return () => {
			now.users--;
		};
	}, [now]);
	const data = now.data.value;
	if (data !== null) last.current = data;
	const old = keepOld && data === null && now.problem.value === null ? last.current : null;
	return { now, data: data ?? old, dimmed: data === null && old !== null, problem: now.problem.value };
}

export function useResource<T>(path: string, watch: Watch): Shown<T, Resource<T>> {
	return use<T, Resource<T>>(Resource as new (path: string) => Resource<T>, path, watch, false);
}

export function useList<T extends Identified>(path: string, watch: Watch): Shown<Page<T>, List<T>> {
	return use<Page<T>, List<T>>(List as new (path: string) => List<T>, path, watch, true);
}
