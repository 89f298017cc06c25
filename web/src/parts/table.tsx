/*
 * Lists of rows: a real table with a caption, one link a row that j/k and Enter follow, more rows on
 * demand, and a bar that offers new rows instead of moving the old ones.
 */
import { useRef } from "preact/hooks";
import type { List, Page, Shown } from "../api/resource.ts";
import { count, instant, num } from "../format.ts";
import { clock, liveState } from "../live.ts";
import type { Children } from "./icons.tsx";
import { ProblemBox, SkeletonRows, StaleNote } from "./states.tsx";

export interface Column<T> {
	key: string;
	head: Children;
	cell: (row: T) => Children;
	/** num: right-aligned; wide: takes the room that is left */
	kind?: "num" | "wide" | "mono" | undefined;
	/** leave out below this width: the row's own page has it */
	hide?: "narrow" | "medium" | undefined;
	/** what a screen reader hears instead of the head */
	label?: string;
}

function classes<T>(c: Column<T>): string {
	return [c.kind ? `c-${c.kind}` : "", c.hide ? `hide-${c.hide}` : ""].filter(Boolean).join(" ");
}

export function Table<T extends { id: number | string }>({ caption, columns, rows, rowClass, dense = false }: {
	caption: string;
	columns: (Column<T> | null | false)[];
	rows: readonly T[];
	rowClass?: (row: T) => string;
	dense?: boolean;
}) {
	const cols = columns.filter((c): c is Column<T> => Boolean(c));
	return (
		<div class="table-wrap" role="group" aria-label={caption} tabIndex={0}>
			<table class={dense ? "table dense" : "table"}>
				<caption class="sr">{caption}</caption>
				<thead>
					<tr>{cols.map((c) => <th key={c.key} scope="col" class={classes(c)} aria-label={c.label}>{c.head}</th>)}</tr>
				</thead>
				<tbody>
					{rows.map((row) => (
						<tr key={row.id} class={rowClass?.(row)}>
							{cols.map((c) => <td key={c.key} class={classes(c)}>{c.cell(row)}</td>)}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	);
}

/** "Showing 50 of 214 builds", the time of the data, and the button for more. */
function ListFoot<T extends { id: number }>({ list, page, one, many }: { list: List<T>; page: Page<T>; one: string; many: string }) {
	const n = page.items.length;
	const total = page.total;
	return (
		<div class="list-foot">
			<span>
				{total !== null && total > n ? `${num(n)} of ${count(total, one, many)}` : `${count(n, one, many)}${page.next ? " so far" : ""}`}
			</span>
			{page.next
				? (
					<button type="button" class="button small" disabled={list.growing.value} onClick={() => void list.grow()}>
						{list.growing.value ? "Loading more" : "Show more"}
					</button>
				)
				: null}
			{list.growProblem.value ? <span class="fail" role="alert">{list.growProblem.value.title}. Try again.</span> : null}
			<DataTime at={list.at.value} />
		</div>
	);
}

/** When the data was read; says so in words once it is older than twice its interval. */
export function DataTime({ at }: { at: number | null }) {
	if (at === null) return null;
	const iso = new Date(at).toISOString();
	const offline = liveState.value === "offline";
	const age = Math.max(0, Math.round((clock.value - at) / 1000));
	return (
		<time class={`data-time ${offline ? "warn" : ""}`} datetime={iso} title="When this data was read from the server">
			{offline ? `Read ${age} s ago, not refreshed since` : `Read ${instant(iso).slice(11)}`}
		</time>
	);
}

export function ListView<T extends { id: number }>({ shown, what, one, many = `${one}s`, empty, columns, rowClass, expect }: {
	shown: Shown<Page<T>, List<T>>;
	what: string;
	one: string;
	many?: string;
	empty: Children;
	columns: (Column<T> | null | false)[];
	rowClass?: (row: T) => string;
	/** how many rows will come, where that is known before */
	expect?: number;
}) {
	const { now, data, dimmed, problem } = shown;
	const top = useRef<HTMLDivElement>(null);
	if (data === null) {
		return problem
			? <ProblemBox problem={problem} what={what} retry={() => void now.refresh()} />
			: <SkeletonRows what={what.toLowerCase()} tall={expect !== undefined} rows={Math.min(20, expect ?? 8)} />;
	}
	const waiting = now.waiting.value;
	const fresh = now.fresh;
	return (
		<div class={dimmed ? "list dimmed" : "list"} aria-busy={dimmed} ref={top}>
			{problem ? <StaleNote problem={problem} retry={() => void now.refresh()} /> : null}
			{waiting
				? (
					<button type="button" class="fresh-bar" onClick={() => now.showWaiting()}>
						{fresh > 0 ? `${num(fresh)} new ${fresh === 1 ? one : many}` : "The order has changed"}: show
					</button>
				)
				: null}
			{data.items.length === 0
				? empty
				: <Table caption={what} columns={columns} rows={data.items} {...(rowClass ? { rowClass } : {})} />}
			{data.items.length > 0 ? <ListFoot list={now} page={data} one={one} many={many} /> : null}
		</div>
	);
}
