/* Controls that change the query of the address, and chips for filters that name a thing by its id. */
import { useEffect, useRef } from "preact/hooks";
import type { Build, FindingDetail, MachineDetail, Run } from "../api/model.ts";
import { useResource } from "../api/resource.ts";
import { visible } from "../format.ts";
import { navigate, place, withQuery, type Query } from "../router.ts";
import { Icon } from "./icons.tsx";
import { buildName } from "./rows.tsx";

export function QueryField({ name, label, placeholder }: { name: string; label: string; placeholder: string }) {
	const box = useRef<HTMLInputElement>(null);
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	const value = place.value.query.get(name) ?? "";
	useEffect(() => {
		if (box.current && document.activeElement !== box.current) box.current.value = value;
	}, [value]);
	const apply = () => {
		clearTimeout(timer.current);
		const text = box.current?.value.trim() ?? "";
		if (text !== (place.value.query.get(name) ?? "")) navigate(withQuery(place.value, { [name]: text }), { replace: true });
	};
	return (
		<form class="field-inline" role="search" aria-label={label} onSubmit={(e) => { e.preventDefault(); apply(); }}>
			<Icon name="search" />
			<input ref={box} type="search" aria-label={label} placeholder={placeholder} maxLength={128} autocomplete="off" spellcheck={false}
				onInput={() => { clearTimeout(timer.current); timer.current = setTimeout(apply, 250); }} />
		</form>
	);
}

export function QuerySelect({ name, label, options, clear = {} }: { name: string; label: string; options: [string, string][]; clear?: Query }) {
	const value = place.value.query.get(name) ?? "";
	return (
		<label class="select">
			<span>{label}</span>
			<select value={value} onChange={(e) => navigate(withQuery(place.value, { ...clear, [name]: e.currentTarget.value }), { keepScroll: true })}>
				{options.map(([v, text]) => <option key={v} value={v} selected={v === value}>{text}</option>)}
			</select>
		</label>
	);
}

const REFS = {
	build: { path: "/api/v1/builds/", text: (d: unknown) => { const b = d as Build; return `${b.driver.name} ${buildName(b)}`; } },
	finding: { path: "/api/v1/findings/", text: (d: unknown) => (d as FindingDetail).title },
	machine: { path: "/api/v1/machines/", text: (d: unknown) => (d as MachineDetail).name },
	run: { path: "/api/v1/runs/", text: (d: unknown) => (d as Run).external_id },
} as const;

type RefName = keyof typeof REFS;

function Chip({ name, label, id }: { name: RefName; label: string; id: string }) {
	const ref = REFS[name];
	const shown = useResource<unknown>(`${ref.path}${id}`, { topics: [] });
	const text = visible(shown.data ? ref.text(shown.data) : `#${id}`);
	const gone: Query = name === "build" ? { build: null, role: null, new: null } : { [name]: null };
	const page = name === "run" ? null : `/${name}s/${id}`;
	return (
		<span class="chip">
			<span class="chip-label">{label}</span>
			{page ? <a class="chip-text" href={page}><bdi>{text}</bdi></a> : <bdi class="chip-text">{text}</bdi>}
			<a class="chip-x" href={withQuery(place.value, gone)} data-keep-scroll aria-label={`Remove filter ${label} ${text}`}><Icon name="cross" /></a>
		</span>
	);
}

/** The chip of a filter by id, with the name of what the id means. */
export function FilterRef({ name, label }: { name: RefName; label: string }) {
	const id = place.value.query.get(name);
	return id && /^\d{1,18}$/.test(id) ? <Chip name={name} label={label} id={id} /> : null;
}
