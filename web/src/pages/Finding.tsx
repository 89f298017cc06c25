/* One finding, and one occurrence: the decoded crash beside its raw values. */
import { useSignal } from "@preact/signals";
import type { DecodedBugcheck, DumpRef, DumpReport, FindingDetail, Occurrence, OccurrenceDetail } from "../api/model.ts";
import { useList, useResource } from "../api/resource.ts";
import { bytes, code, count, duration, instant, linkDate, num, place as site, visible, words } from "../format.ts";
import { clock } from "../live.ts";
import { attributionText, Kind, Role, Simulated } from "../parts/badges.tsx";
import { Icon } from "../parts/icons.tsx";
import { Facts, Figure, Head, Page, Section } from "../parts/page.tsx";
import { BuildLink, buildName, MachineLink, occurrenceColumns } from "../parts/rows.tsx";
import { Empty, Partial, ProblemBox, SkeletonPage, SkeletonRows, StaleNote } from "../parts/states.tsx";
import { DataTime, ListView, Table } from "../parts/table.tsx";
import { Copy, Count, Hex, Mono, Outside, Site, When } from "../parts/text.tsx";
import { href, type Place } from "../router.ts";
import { may } from "../state/session.ts";
import { Missing } from "../parts/missing.tsx";

const VERIFIER: Record<string, string> = {
	yes: "Takes Driver Verifier",
	no: "Happens without Driver Verifier",
	unknown: "Not documented whether it takes Driver Verifier",
};

function Leak({ leak }: { leak: string }) {
	if (leak !== "yes" && leak !== "possible") return null;
	return <span class="status warn"><Icon name="leak" cls="small" />{leak === "yes" ? "Leak" : "Possibly a leak"}</span>;
}

/** "Windows builds 10240 to 19045" of a reading that is not about all of them. */
function builds(min: number | null, max: number | null): string {
	if (min === null && max === null) return "";
	if (max === null) return `from Windows build ${min} on`;
	return min === null ? `up to Windows build ${max}` : `Windows builds ${min} to ${max}`;
}

function BugcheckCard({ decoded }: { decoded: DecodedBugcheck }) {
	const all = `${code(decoded.code)} (${decoded.parameters.map((p) => p.value ?? "?").join(", ")})`;
	return (
		<div class="bugcheck">
			<div class="bugcheck-head">
				<span class="bugcheck-code mono">{code(decoded.code)}</span>
				<div>
					<p class="bugcheck-name mono">{decoded.name ? <Outside text={decoded.name} /> : "No public list names this code"}</p>
					<p class="bugcheck-tags">
						<span title={decoded.verifier_note ?? ""}>{VERIFIER[decoded.verifier]}</span>
						<Leak leak={decoded.leak} />
						{decoded.raw_code !== decoded.code ? <span class="muted">raw <Hex value={decoded.raw_code} />{decoded.raw_name ? <> <Outside text={decoded.raw_name} /></> : null}</span> : null}
					</p>
				</div>
				<Copy text={all} what="code and parameters" wide />
			</div>
			{decoded.meaning ? <p class="bugcheck-meaning">{decoded.meaning}</p> : null}
			<table class="params">
				<caption class="sr">Parameters, decoded beside raw</caption>
				<thead class="sr"><tr><th scope="col">Parameter</th><th scope="col">Raw value</th><th scope="col">Meaning</th></tr></thead>
				<tbody>
					{decoded.parameters.map((p, n) => (
						<tr key={n}>
							<th scope="row">P{n + 1}</th>
							<td class="params-raw">{p.value === null ? <span class="muted">not given</span> : <><Hex value={p.value} /><Copy text={p.value} what={`parameter ${n + 1}`} /></>}</td>
							<td>{p.here ? <strong>{p.here}</strong> : null}{p.here ? " " : null}{p.meaning ? <span class={p.here ? "muted" : undefined}>{p.meaning}</span> : <span class="muted">no public meaning</span>}</td>
						</tr>
					))}
				</tbody>
			</table>
			{decoded.dma_class || decoded.rule || decoded.verifier_options.length
				? (
					<dl class="reading bugcheck-extra">
						{decoded.dma_class ? <div><dt>Misuse</dt><dd>{decoded.dma_class.meaning}</dd></div> : null}
						{decoded.rule ? <div><dt>Rule</dt><dd><span class="mono">{decoded.rule.name}</span></dd></div> : null}
						{decoded.verifier_options.length ? <div><dt>Found by</dt><dd>{decoded.verifier_options.map((o) => o.name).join(", ")}</dd></div> : null}
					</dl>
				)
				: null}
			{decoded.matches.length > 1
				? (
					<div class="matches">
						<h3>{num(decoded.matches.length)} documented readings fit</h3>
						<ul>
							{decoded.matches.map((m, n) => (
								<li key={n}>
									<p><strong>{m.meaning}</strong> <Leak leak={m.leak} /> <span class="muted">{builds(m.os_build_min, m.os_build_max)}</span></p>
									<dl class="reading">
										{m.parameters.map((p, i) => p.meaning && i > 0 ? <div key={i}><dt>P{i + 1}</dt><dd>{p.meaning}</dd></div> : null)}
										{m.rule ? <div><dt>Rule</dt><dd>{m.rule}</dd></div> : null}
										{m.note ? <div><dt>Note</dt><dd>{m.note}</dd></div> : null}
									</dl>
								</li>
							))}
						</ul>
					</div>
				)
				: null}
			{decoded.notes.length ? <ul class="bugcheck-notes">{decoded.notes.map((n) => <li key={n}>{n}</li>)}</ul> : null}
		</div>
	);
}

function CulpritCard({ dump, own }: { dump: DumpReport; own: string | null }) {
	const c = dump.culprit;
	if (!c) return <p class="prose muted">No loaded driver could be blamed from this dump. It is grouped by its code instead.</p>;
	const loaded = dump.drivers.find((d) => d.name.toLowerCase() === c.module.toLowerCase());
	return (
		<div class="culprit">
			<p class="culprit-site"><Site module={c.module} offset={c.offset} /><Copy text={site(c.module, c.offset)} what="the code place" /></p>
			<p><span class="muted">Reason:</span> {visible(c.reason)}</p>
			{loaded
				? (
					<p class="muted culprit-image">
						{loaded.path ? <Mono text={loaded.path} /> : null} {bytes(loaded.size)}
						{loaded.timestamp ? <>, timestamp <Hex value={loaded.timestamp} />{linkDate(loaded.timestamp, clock.value) ? ` (${linkDate(loaded.timestamp, clock.value)})` : ""}</> : null}
					</p>
				)
				: null}
			{own && own.toLowerCase() !== c.module.toLowerCase() ? <p class="muted">The build's driver here is <Mono text={own} />.</p> : null}
		</div>
	);
}

const STACK_FIRST = 24;

function Stack({ dump, own }: { dump: DumpReport; own: string | null }) {
	const all = useSignal(false);
	const resolved = useSignal(true);
	const hits = dump.stack.filter((w) => w.module !== null);
	const words_ = resolved.value ? hits : dump.stack;
	const rows = (all.value ? words_ : words_.slice(0, STACK_FIRST)).map((w) => ({ id: w.address, ...w }));
	const ours = [own, dump.culprit?.module ?? null].filter((n): n is string => n !== null).map((n) => n.toLowerCase());
	return (
		<Section id="stack" title="Stack" n={num(hits.length)}
			note={<>Stack words that point into a loaded driver. Words left over from earlier calls can be among them.</>}
			actions={
				<label class="switch"><input type="checkbox" checked={!resolved.value} onChange={(e) => (resolved.value = !e.currentTarget.checked)} /><span>All {num(dump.stack.length)} words</span></label>
			}>
			<Table caption="Stack words" dense rows={rows} rowClass={(w) => w.module && ours.includes(w.module.toLowerCase()) ? "own-frame" : ""} columns={[
				{ key: "a", head: "Address", kind: "mono", hide: "narrow", cell: (w) => <Hex value={w.address} cls="muted" /> },
				{ key: "v", head: "Value", kind: "mono", cell: (w) => <Hex value={w.value} /> },
				{ key: "m", head: "Points into", kind: "wide", cell: (w) => w.module ? <Site module={w.module} offset={w.offset} /> : <span class="muted">–</span> },
			]} />
			{words_.length > rows.length
				? <p class="list-foot"><span>{num(rows.length)} of {num(words_.length)} words</span><button type="button" class="button small" onClick={() => (all.value = true)}>Show all</button></p>
				: null}
		</Section>
	);
}

function Drivers({ dump, own }: { dump: DumpReport; own: string | null }) {
	const find = useSignal("");
	const q = find.value.trim().toLowerCase();
	const all = dump.drivers.map((d, id) => ({ id, ...d }));
	const rows = q ? all.filter((d) => d.name.toLowerCase().includes(q) || (d.path ?? "").toLowerCase().includes(q)) : all;
	const culprit = dump.culprit?.module.toLowerCase();
	return (
		<Section id="drivers" title="Loaded drivers" n={num(all.length)}
			actions={
				<label class="field-inline"><Icon name="search" /><span class="sr">Filter loaded drivers</span>
					<input type="search" placeholder="Filter" value={find.value} maxLength={128} autocomplete="off" spellcheck={false}
						onInput={(e) => (find.value = e.currentTarget.value)} /></label>
			}>
			<p class="sr" role="status">{q ? `${count(rows.length, "driver")} of ${num(all.length)} match` : ""}</p>
			{rows.length === 0 ? <Empty title={all.length ? "No loaded driver matches" : "The dump holds no list of drivers"} icon="search" /> : (
				<div class="tall">
					<Table caption="Loaded drivers" dense rows={rows}
						rowClass={(d) => d.name.toLowerCase() === culprit ? "culprit-row" : own && d.name.toLowerCase() === own.toLowerCase() ? "own-frame" : ""}
						columns={[
							{ key: "n", head: "Driver", kind: "wide", cell: (d) => <span class="two"><Mono text={d.name} />{d.name.toLowerCase() === culprit ? <span class="status fail">Culprit</span> : null}</span> },
							{ key: "b", head: "Base", kind: "mono", hide: "narrow", cell: (d) => <Hex value={d.base} /> },
							{ key: "s", head: "Size", kind: "num", cell: (d) => <span class="nowrap">{bytes(d.size)}</span> },
							{ key: "t", head: "Timestamp", kind: "mono", cell: (d) => d.timestamp ? <span title={linkDate(d.timestamp, clock.value) ?? "not a date: a reproducible build puts a hash here"}><Hex value={d.timestamp} /></span> : <span class="muted">–</span> },
							{ key: "c", head: "Checksum", kind: "mono", hide: "medium", cell: (d) => d.checksum ? <Hex value={d.checksum} /> : <span class="muted">–</span> },
						]} />
				</div>
			)}
			{q && rows.length ? <p class="list-foot">{num(rows.length)} of {count(all.length, "driver")}</p> : null}
		</Section>
	);
}

function Unloaded({ dump }: { dump: DumpReport }) {
	if (dump.unloaded.length === 0) return null;
	return (
		<details class="fold">
			<summary><h2>Unloaded drivers<span class="section-n">{num(dump.unloaded.length)}</span></h2></summary>
			<Table caption="Unloaded drivers" dense rows={dump.unloaded.map((d, id) => ({ id, ...d }))} columns={[
				{ key: "n", head: "Driver", kind: "wide", cell: (d) => <Mono text={d.name} /> },
				{ key: "s", head: "Start", kind: "mono", cell: (d) => <Hex value={d.start} /> },
				{ key: "e", head: "End", kind: "mono", hide: "narrow", cell: (d) => <Hex value={d.end} /> },
			]} />
		</details>
	);
}

function Secondary({ dump }: { dump: DumpReport }) {
	if (dump.secondary.length === 0) return null;
	return (
		<details class="fold">
			<summary><h2>Secondary data<span class="section-n">{num(dump.secondary.length)}</span></h2></summary>
			<Table caption="Secondary data" dense rows={dump.secondary.map((d, id) => ({ id, ...d }))} columns={[
				{ key: "g", head: "Identifier", kind: "wide", cell: (d) => <Mono text={d.guid} /> },
				{ key: "s", head: "Size", kind: "num", cell: (d) => bytes(d.size) },
			]} />
		</details>
	);
}

function Warnings({ dump }: { dump: DumpReport }) {
	if (dump.warnings.length === 0) return null;
	return (
		<Partial>
			This dump could not be read whole: {dump.warnings.slice(0, 3).map((w) => visible(w)).join("; ")}
			{dump.warnings.length > 3 ? `; and ${dump.warnings.length - 3} more` : ""}.
		</Partial>
	);
}

function Download({ dump }: { dump: DumpRef | null }) {
	if (!dump) return <span class="muted">No dump came with it</span>;
	if (!dump.available) return <span class="muted">Not kept on the server</span>;
	if (!may("operator")) return <span class="muted">Kept; downloading takes the operator role</span>;
	return (
		<a class="button small" href={`/api/v1/dumps/${dump.sha256}`} download={visible(dump.file_name ?? `${dump.sha256.slice(0, 16)}.dmp`)}>
			<Icon name="download" />Download {dump.size !== null ? bytes(dump.size) : ""}
		</a>
	);
}

function SystemFacts({ o }: { o: OccurrenceDetail }) {
	const d = o.decoded;
	return (
		<Facts facts={[
			["Machine", <MachineLink machine={o.machine} />],
			["Occurred", <When at={o.occurred_at} exact />],
			["Build", o.build ? <><BuildLink build={o.build} driver /> <span class="muted">{attributionText(o.attribution)}</span></> : <span class="muted">no registered build matches</span>],
			["Role", <Role role={o.role} />],
			o.run ? ["Run", <a href={href("/occurrences", { run: o.run.id })}><Mono text={o.run.external_id} /></a>] : null,
			o.boot?.os ? ["System", <Outside text={o.boot.os} />] : null,
			d?.build_lab ? ["Build lab", <Mono text={d.build_lab} />] : d?.os_build ? ["System build", String(d.os_build)] : null,
			d ? ["Processors", `${d.cpus ?? "–"}${d.arch ? ` × ${d.arch}` : ""}`] : null,
			["Uptime", <span title={o.uptime_seconds === null ? "" : `${o.uptime_seconds} s`}>{duration(o.uptime_seconds)}</span>],
			d?.context?.pc ? ["Program counter", <><Hex value={d.context.pc} /><Copy text={d.context.pc} what="the program counter" /></>] : null,
			d?.context?.sp ? ["Stack pointer", <><Hex value={d.context.sp} /><Copy text={d.context.sp} what="the stack pointer" /></>] : null,
			["Told by", { dump: "its dump", eventlog: "the event log", both: "its dump and the event log" }[o.source] ?? o.source],
			d ? ["Dump", <>{words(d.format)} <Download dump={o.dump} /></>] : ["Dump", <Download dump={o.dump} />],
			o.dump ? ["SHA-256", <><span class="mono ellipsis sha">{o.dump.sha256.slice(0, 16)}…</span><Copy text={o.dump.sha256} what="the SHA-256" /></>] : null,
		]} />
	);
}

function ReportText({ report }: { report: Record<string, unknown> | null }) {
	if (!report || Object.keys(report).length === 0) return null;
	return (
		<Section id="report" title="Event log entry">
			<Facts facts={Object.entries(report).map(([name, value]) => [visible(words(name)), <Mono text={typeof value === "string" ? value : JSON.stringify(value)} />])} />
		</Section>
	);
}

/** The crash itself: the part that a finding and an occurrence share. */
function Crash({ o }: { o: OccurrenceDetail }) {
	const own = o.build?.driver ?? null;
	const d = o.decoded;
	return (
		<>
			{d ? <Warnings dump={d} /> : null}
			{o.explanation ? <Section id="bugcheck" title="Bug check"><BugcheckCard decoded={o.explanation} /></Section> : null}
			{d
				? (
					<>
						<Section id="culprit" title="Culprit"><CulpritCard dump={d} own={own} /></Section>
						{d.stack.length ? <Stack dump={d} own={own} /> : <Section id="stack" title="Stack"><p class="prose muted">The dump holds no readable stack.</p></Section>}
						<Drivers dump={d} own={own} />
						<Unloaded dump={d} />
						<Secondary dump={d} />
					</>
				)
				: <Section id="culprit" title="No dump"><p class="prose muted">This was told by the event log alone: code and parameters are known, the stack and the loaded drivers are not.</p></Section>}
			<ReportText report={o.report} />
		</>
	);
}

function Strip({ f }: { f: FindingDetail }) {
	const list = [...f.build_list].sort((a, b) => a.build.driver.localeCompare(b.build.driver) || a.build.branch.localeCompare(b.build.branch) || a.build.seq - b.build.seq);
	const max = Math.max(1, ...list.map((b) => b.occurrences));
	const many = new Set(list.map((b) => `${b.build.driver} ${b.build.branch}`)).size > 1;
	return (
		<>
			{list.length > 1 && !many
				? (
					<svg class="strip" viewBox={`0 0 ${list.length * 14} 34`} width={Math.min(list.length * 14, 280)} height="34" preserveAspectRatio="xMinYMid meet" role="img"
						aria-label={`Occurrences by build, oldest first: ${list.map((b) => `${visible(buildName(b.build))} ${b.occurrences}`).join(", ")}`}>
						{list.map((b, n) => {
							const h = 4 + Math.round((28 * b.occurrences) / max);
							return <rect key={b.build.id} class={b.role === "own" ? "bar-own" : "bar-other"} x={n * 14 + 1} y={33 - h} width="11" height={h} rx="1.5"><title>{visible(buildName(b.build))}: {b.occurrences}</title></rect>;
						})}
						<path class="bar-base" d={`M0 33.5H${list.length * 14}`} />
					</svg>
				)
				: null}
			<ul class="side-list">
				{[...list].reverse().slice(0, 8).map((b) => (
					<li key={b.build.id}>
						<BuildLink build={b.build} driver />
						<Role role={b.role} />
						<Count n={b.occurrences} of="occurrences" href={href("/occurrences", { finding: f.id, build: b.build.id })} cls="soft" />
					</li>
				))}
			</ul>
			{f.builds > 8 ? <p class="side-more"><a href={href("/builds", { finding: f.id })}>All {num(f.builds)} builds</a></p> : null}
		</>
	);
}

function Side({ f }: { f: FindingDetail }) {
	return (
		<aside class="side" aria-label="Where and why">
			<Section id="builds" title="Builds" n={num(f.builds)}>
				{f.build_list.length ? <Strip f={f} /> : <p class="prose muted">No registered build matches. It is claimed as soon as an image that was loaded is registered.</p>}
			</Section>
			<Section id="machines" title="Machines" n={num(f.machines)}>
				<ul class="side-list">
					{f.machine_list.slice(0, 8).map((m) => (
						<li key={m.machine.id}>
							<MachineLink machine={m.machine} />
							<span class="muted ellipsis">{m.os ? <Outside text={m.os} /> : null}</span>
							<Count n={m.occurrences} of="occurrences" href={href("/occurrences", { finding: f.id, machine: m.machine.id })} cls="soft" />
						</li>
					))}
				</ul>
				{f.machines > 8 ? <p class="side-more"><a href={href("/machines", { finding: f.id })}>All {num(f.machines)} machines</a></p> : null}
			</Section>
			{f.sample_occurrence_id !== null ? <SampleFacts id={f.sample_occurrence_id} /> : null}
			<Section id="why" title="Why grouped" note="Occurrences with the same parts are one finding.">
				<Facts facts={[
					...f.fingerprint.parts.map((p): [string, preact.ComponentChildren] => [visible(words(p.name)), p.value === null ? <span class="muted">none</span> : <Mono text={p.value} />]),
					["Fingerprint", <><span class="mono muted">{f.fingerprint.hash.slice(0, 16)}</span><Copy text={f.fingerprint.hash} what="the fingerprint" /></>],
					["Version", String(f.fingerprint.version)],
				]} />
				{f.weak ? <p class="side-more muted">Without symbols an offset, or nothing, stands for the code place: after a rebuild the same defect can become another finding, and different ones can share this.</p> : null}
			</Section>
			{f.related.length
				? (
					<Section id="related" title="Related">
						<ul class="side-list plain-list">
							{f.related.map((r) => (
								<li key={r.id}><span><a href={`/findings/${r.id}`}><Outside text={r.title} /></a><br /><span class="muted">{r.reason === "same_culprit" ? "same culprit" : "same code"}</span></span></li>
							))}
						</ul>
					</Section>
				)
				: null}
		</aside>
	);
}

function SampleFacts({ id }: { id: number }) {
	const shown = useResource<OccurrenceDetail>(`/api/v1/occurrences/${id}`, { topics: [] });
	return shown.data
		? <Section id="sample" title="Sample occurrence"><SystemFacts o={shown.data} /></Section>
		: null;
}

function Sample({ id, decoded }: { id: number; decoded: DecodedBugcheck | null }) {
	const shown = useResource<OccurrenceDetail>(`/api/v1/occurrences/${id}`, { topics: [] });
	if (shown.data) {
		return (
			<>
				<p class="sample-note">Shown from one occurrence: <a href={`/occurrences/${id}`}>{instant(shown.data.occurred_at)}</a>{shown.data.machine ? <> on <MachineLink machine={shown.data.machine} /></> : null}.</p>
				<Crash o={shown.data} />
			</>
		);
	}
	return (
		<>
			{decoded ? <Section id="bugcheck" title="Bug check"><BugcheckCard decoded={decoded} /></Section> : null}
			{shown.problem
				? <ProblemBox problem={shown.problem} what="The sample occurrence" retry={() => void shown.now.refresh()} />
				: <SkeletonRows what="the sample occurrence" />}
		</>
	);
}

function OccurrenceRows({ finding }: { finding: number }) {
	const shown = useList<Occurrence>(href("/api/v1/occurrences", { finding, limit: 20 }), { topics: ["finding"], id: String(finding) });
	return <ListView shown={shown} what="Occurrences" one="occurrence" columns={occurrenceColumns({ finding: true }, shown.data?.items ?? [])} empty={<Empty title="No occurrence" />} />;
}

export default function FindingPage({ place }: { place: Place }) {
	const shown = useResource<FindingDetail>(`/api/v1/findings/${place.id}`, { topics: ["finding"], id: place.id });
	const { data: f, problem, now } = shown;
	if (!f) {
		if (!problem) return <SkeletonPage what="the finding" />;
		if (problem.status === 404) return <Missing place={place} />;
		return <Page title="Finding"><h1 class="sr">Finding</h1><ProblemBox problem={problem} what="The finding" retry={() => void now.refresh()} /></Page>;
	}
	const q = { finding: f.id };
	return (
		<Page title={f.title} cls="finding" simulated={f.simulated}>
			{problem ? <StaleNote problem={problem} retry={() => void now.refresh()} /> : null}
			<Head crumbs={[{ text: "Findings", href: "/findings" }, ...(f.driver ? [{ text: f.driver, href: href("/findings", { driver: f.driver }) }] : [])]}
				title={<Outside text={f.title} />}
				badges={f.simulated ? <Simulated /> : null}
				meta={
					<ul class="meta">
						<li><Kind kind={f.kind} /></li>
						{f.bugcheck ? <li><span class="mono">{code(f.bugcheck.code)}</span></li> : null}
						{f.culprit ? <li><span class="muted">Culprit</span> <Site module={f.culprit.module} offset={f.culprit.offset} /></li> : null}
						<li><span class="muted">First seen</span> <When at={f.first_seen} />{f.first_build ? <> in <BuildLink build={f.first_build} driver /></> : null}</li>
						<li><span class="muted">Last seen</span> <When at={f.last_seen} />{f.last_build && f.last_build.id !== f.first_build?.id ? <> in <BuildLink build={f.last_build} driver /></> : null}</li>
					</ul>
				} />
			<ul class="figures" aria-label="In numbers">
				<Figure n={num(f.occurrences)} label={f.occurrences === 1 ? "Occurrence" : "Occurrences"} href={f.occurrences ? href("/occurrences", q) : null} />
				<Figure n={num(f.machines)} label={f.machines === 1 ? "Machine" : "Machines"} href={f.machines ? href("/machines", q) : null} />
				<Figure n={num(f.builds)} label={f.builds === 1 ? "Build" : "Builds"} href={f.builds ? href("/builds", q) : null} />
			</ul>
			<div class="detail">
				<div class="detail-main">
					{f.sample_occurrence_id !== null
						? <Sample id={f.sample_occurrence_id} decoded={f.decoded} />
						: f.decoded ? <Section id="bugcheck" title="Bug check"><BugcheckCard decoded={f.decoded} /></Section> : null}
					<Section id="occurrences" title="Occurrences" n={num(f.occurrences)}><OccurrenceRows finding={f.id} /></Section>
				</div>
				<Side f={f} />
			</div>
			<p class="page-foot"><DataTime at={now.at.value} /></p>
		</Page>
	);
}

export function OccurrencePage({ place }: { place: Place }) {
	const { data: o, problem, now } = useResource<OccurrenceDetail>(`/api/v1/occurrences/${place.id}`, { topics: ["finding"] });
	if (!o) {
		if (!problem) return <SkeletonPage what="the occurrence" />;
		if (problem.status === 404) return <Missing place={place} />;
		return <Page title="Occurrence"><h1 class="sr">Occurrence</h1><ProblemBox problem={problem} what="The occurrence" retry={() => void now.refresh()} /></Page>;
	}
	return (
		<Page title={`Occurrence of ${o.finding.title}`} cls="finding" simulated={o.simulated}>
			{problem ? <StaleNote problem={problem} retry={() => void now.refresh()} /> : null}
			<Head crumbs={[{ text: "Findings", href: "/findings" }, { text: o.finding.title, href: `/findings/${o.finding.id}` }]}
				title={<>Occurrence of {instant(o.occurred_at)}</>}
				badges={o.simulated ? <Simulated /> : null}
				sub={<>One sighting of <a href={`/findings/${o.finding.id}`}><Outside text={o.finding.title} /></a>.</>} />
			<div class="detail">
				<div class="detail-main"><Crash o={o} /></div>
				<aside class="side" aria-label="Where and when"><Section id="facts" title="Where and when"><SystemFacts o={o} /></Section></aside>
			</div>
			<p class="page-foot"><DataTime at={now.at.value} /></p>
		</Page>
	);
}
