/* The build report: what is new here, what is this build's own, what was only seen beside it. */
import type { Finding, Occurrence, OccurrenceDetail, Report, ReportKind } from "../api/model.ts";
import { useList, useResource } from "../api/resource.ts";
import { bytes, count, linkDate, num } from "../format.ts";
import { clock } from "../live.ts";
import { Kind, New, Role, Simulated } from "../parts/badges.tsx";
import { Icon } from "../parts/icons.tsx";
import { Figure, Head, Page, Section } from "../parts/page.tsx";
import { BuildLink, buildName, findingColumns, MachineLink, runColumns } from "../parts/rows.tsx";
import { Empty, ProblemBox, SkeletonPage, StaleNote } from "../parts/states.tsx";
import { DataTime, ListView, Table } from "../parts/table.tsx";
import { Command, Copy, Count, Hex, Mono, Outside, When } from "../parts/text.tsx";
import { href, type Place } from "../router.ts";
import { Missing } from "../parts/missing.tsx";

type B = Report["build"];

/** What the evidence says, in one sentence; with no evidence it says that, and nothing else. */
function Summary({ report }: { report: Report }) {
	const t = report.totals;
	const since = report.build.parent;
	if (t.occurrences === 0 && t.runs === 0) {
		return <>Nothing has been reported for this build yet. That says nothing about its quality.</>;
	}
	const after = since ? <> after <BuildLink build={since} /></> : null;
	const beside = t.other > 0 ? <> {count(t.other, "finding")} with another culprit {t.other === 1 ? "is" : "are"} kept apart below.</> : null;
	if (t.own === 0) return <>No finding has this driver as its culprit in {count(t.occurrences, "occurrence")} on {count(t.machines, "machine")}.{beside}</>;
	return (
		<>
			{t.new > 0 ? <><strong>{count(t.new, "finding")} new here</strong>{after}, </> : <>Nothing new{after}, </>}
			{num(t.own)} of its own in all.{beside}
		</>
	);
}

/** One of five steps; the same number has the same shade on every page. */
function shade(tone: string, n: number): string {
	return n === 0 ? "" : `${tone}-heat-${n < 2 ? 1 : n < 5 ? 2 : n < 20 ? 3 : 4}`;
}

const GROUPS = [
	{ key: "new", head: <New word="New here" />, query: { new: "1" }, tone: "fail", of: "new findings" },
	{ key: "own", head: <Role role="own" />, query: { role: "own" }, tone: "fail", of: "own findings" },
	{ key: "other", head: <Role role="loaded" />, query: { role: "other" }, tone: "none", of: "findings with another culprit" },
] as const;

function Matrix({ report }: { report: Report }) {
	const id = report.build.id;
	const kinds = report.by_kind.filter((k) => k.new + k.own + k.other + k.occurrences > 0);
	const sum = (key: "new" | "own" | "other" | "occurrences") => kinds.reduce((s, k) => s + k[key], 0);
	const cells = (k: ReportKind | null) => (
		<>
			{GROUPS.map((g) => {
				const n = k ? k[g.key] : sum(g.key);
				return (
					<td key={g.key} class={`c-num ${k ? shade(g.tone, n) : ""}`}>
						<Count n={n} of={g.of} href={href("/findings", { build: id, ...g.query, kind: k?.kind })} />
					</td>
				);
			})}
			<td class="c-num c-sum hide-narrow-matrix">
				<Count n={k ? k.occurrences : sum("occurrences")} of="occurrences" cls="soft" href={href("/occurrences", { build: id, kind: k?.kind })} />
			</td>
		</>
	);
	return (
		<div class="table-wrap" role="group" aria-label="Findings by kind" tabIndex={0}>
			<table class="table matrix">
				<caption class="sr">Findings of this build by kind</caption>
				<thead>
					<tr>
						<th scope="col">Kind</th>
						{GROUPS.map((g) => <th key={g.key} scope="col" class="c-num">{g.head}</th>)}
						<th scope="col" class="c-num c-sum hide-narrow-matrix">Occurrences</th>
					</tr>
				</thead>
				<tbody>
					{kinds.map((k) => <tr key={k.kind}><th scope="row"><Kind kind={k.kind} /></th>{cells(k)}</tr>)}
					{kinds.length > 1 ? <tr class="matrix-all"><th scope="row">All kinds</th>{cells(null)}</tr> : null}
				</tbody>
			</table>
		</div>
	);
}

function FindingsOf({ build, role, n, what, empty }: { build: B; role: "own" | "other"; n: number; what: string; empty: preact.ComponentChildren }) {
	const shown = useList<Finding>(href("/api/v1/findings", { build: build.id, role, limit: 20 }), { topics: ["finding"] });
	return <ListView shown={shown} what={what} one="finding" columns={findingColumns(String(build.id))} empty={empty} expect={n} />;
}

/** The newest crash in one line: code, place, where, and how much it holds. */
function Latest({ build }: { build: B }) {
	const list = useList<Occurrence>(href("/api/v1/occurrences", { build: build.id, limit: 1 }), { topics: ["finding"] });
	const o = (list.now.waiting.value ?? list.data)?.items[0];
	return <Section id="latest" title="Latest occurrence">{o ? <LatestCrash o={o} /> : <div class="latest" aria-hidden="true" />}</Section>;
}

function LatestCrash({ o }: { o: Occurrence }) {
	const d = useResource<OccurrenceDetail>(`/api/v1/occurrences/${o.id}`, { topics: [] }).data?.decoded ?? null;
	return (
		<div class="latest">
			<span class="latest-what">
				<a href={`/findings/${o.finding.id}`} class="row-link"><Outside text={o.finding.title} /></a>
				{o.bugcheck ? <span class="latest-params">{o.bugcheck.parameters.map((p, n) => <span key={n}><span class="muted">P{n + 1}</span> <Hex value={p} /></span>)}</span> : null}
			</span>
			<Role role={o.role} />
			<span><MachineLink machine={o.machine} />, <When at={o.occurred_at} /></span>
			{d ? <a href={`/occurrences/${o.id}`}>{count(d.drivers.length, "driver")} loaded</a> : <a href={`/occurrences/${o.id}`}>Details</a>}
		</div>
	);
}

function Images({ build }: { build: B }) {
	if (build.images.length === 0) {
		return (
			<p class="prose muted">
				No image is registered, so a crash counts for this build only when its sender or its run names it. <code class="inline">verifleet build create</code> with <code class="inline">--image</code> adds one.
			</p>
		);
	}
	return (
		<Table caption="Images" rows={build.images} columns={[
			{ key: "name", head: "Image", kind: "wide", cell: (i) => <Mono text={i.name} /> },
			{ key: "ts", head: "Timestamp", kind: "mono", cell: (i) => <span class="two"><Hex value={i.timestamp} /><span class="muted nowrap">{linkDate(i.timestamp, clock.value) ?? ""}</span></span> },
			{ key: "size", head: "Size", kind: "num", cell: (i) => <span class="nowrap">{bytes(i.size)}</span> },
			{ key: "sum", head: "Checksum", hide: "narrow", cell: (i) => i.checksum ? <Hex value={i.checksum} /> : <span class="muted">–</span> },
		]} />
	);
}

function Body({ report, at }: { report: Report; at: number | null }) {
	const b = report.build;
	const t = report.totals;
	const q = { build: b.id };
	const to = (path: string, n: number, more = {}) => (n > 0 ? href(path, { ...q, ...more }) : null);
	const nothing = t.occurrences === 0 && t.runs === 0 && t.own + t.other === 0;
	return (
		<>
			<Head
				crumbs={[{ text: "Builds", href: "/builds" }, { text: b.driver.name, href: href("/builds", { driver: b.driver.name, project: b.project }) }]}
				title={<><Outside text={b.driver.name} cls="mono" /> <span class="h1-build mono"><Outside text={buildName(b)} /></span></>}
				badges={report.simulated ? <Simulated /> : null}
				actions={<button type="button" class="button print-hide" onClick={() => window.print()}><Icon name="print" />Print</button>}
				sub={<Summary report={report} />}
				meta={
					<ul class="meta">
						<li><Icon name="branch" /><span class="sr">Branch </span><a href={href("/builds", { driver: b.driver.name, project: b.project, branch: b.branch })}><Outside text={b.branch} /></a> <span class="mono">#{b.seq}</span></li>
						{b.commit ? <li><span class="muted">Commit</span> <Mono text={b.commit.slice(0, 12)} /><Copy text={b.commit} what="the commit" /></li> : null}
						<li><span class="muted">Registered</span> <When at={b.created_at} /></li>
						<li><span class="muted">Last seen</span> {b.last_seen ? <When at={b.last_seen} /> : "never"}</li>
					</ul>
				} />
			<ul class="figures" aria-label="In numbers">
				<Figure n={num(t.new)} label="New here" href={to("/findings", t.new, { new: true })} tone={t.new > 0 ? "fail" : ""} />
				<Figure n={num(t.own)} label="Own findings" href={to("/findings", t.own, { role: "own" })} />
				<Figure n={num(t.other)} label="Other culprit" href={to("/findings", t.other, { role: "other" })} tone="soft" />
				<Figure n={num(t.occurrences)} label="Occurrences" href={to("/occurrences", t.occurrences)} />
				<Figure n={num(t.machines)} label={t.machines === 1 ? "Machine" : "Machines"} href={to("/machines", t.machines)} />
				<Figure n={num(t.runs)} label={t.runs === 1 ? "Run" : "Runs"} href={to("/runs", t.runs)} />
			</ul>
			{nothing
				? (
					<Empty title="No evidence yet" icon="builds">
						<p>No run, no crash and no machine has been reported for this build.</p>
						<p>Import a dump that belongs to it:</p>
						<Command text={`verifleet import dump FILE.dmp --build ${b.id}`} what="the command" />
					</Empty>
				)
				: (
					<>
						<div class="report-top">
							<Section id="new" title="New here" n={num(t.new)} cls="section-main hide-new"
								note={b.parent ? <>Own findings that no build before it on its line had.</> : <>Own findings; no build is registered before this one, so each of them is new.</>}>
								{report.new.length === 0
									? <Empty title="Nothing new" icon="findings"><p>{t.own > 0 ? "Every own finding was seen on a build before." : "No finding has this driver as its culprit."}</p></Empty>
									: <Table caption="New here" columns={findingColumns(String(b.id), true)} rows={report.new} />}
								{report.new.length < t.new ? <p class="list-foot"><a href={href("/findings", { ...q, new: true })}>All {num(t.new)} new findings</a></p> : null}
							</Section>
							<Section id="kinds" title="By kind" cls="section-side" note="Every number opens its rows."><Matrix report={report} /></Section>
						</div>
						{t.occurrences > 0 ? <Latest build={b} /> : null}
						{t.own > t.new
							? (
								<Section id="own" title="All own findings" n={num(t.own)} note={<><Mono text={b.driver.name} /> is the culprit, on this build.</>}>
									<FindingsOf build={b} role="own" n={t.own} what="Own findings" empty={<Empty title="None" />} />
								</Section>
							)
							: null}
						{t.other > 0
							? (
								<Section id="other" title="Seen with this build, other culprit" n={num(t.other)} cls="beside"
									note={<>Another driver is the culprit of these. <Mono text={b.driver.name} /> was loaded, or the sender named this build; they are never counted as its own.</>}>
									<FindingsOf build={b} role="other" n={t.other} what="Findings with another culprit" empty={<Empty title="None" />} />
								</Section>
							)
							: null}
						<div class="columns">
							<Section id="machines" title="Machines" n={num(t.machines)}
								actions={report.machines.length < t.machines ? <a href={href("/machines", q)}>All machines</a> : null}>
								{report.machines.length === 0 ? <Empty title="No machine" icon="machines" /> : (
									<Table caption="Machines" dense rows={report.machines} columns={[
										{ key: "m", head: "Machine", kind: "wide", cell: (m) => <MachineLink machine={m} /> },
										{ key: "os", head: "System", hide: "narrow", cell: (m) => m.os ? <Outside text={m.os} /> : <span class="muted">not reported</span> },
										{ key: "f", head: "Findings", kind: "num", cell: (m) => <Count n={m.findings} of="findings" href={href("/findings", { ...q, machine: m.id })} /> },
										{ key: "o", head: "Occurrences", kind: "num", cell: (m) => <Count n={m.occurrences} of="occurrences" href={href("/occurrences", { ...q, machine: m.id })} cls="soft" /> },
										{ key: "s", head: "Last seen", kind: "num", hide: "narrow", cell: (m) => <When at={m.last_seen} /> },
									]} />
								)}
							</Section>
							<Section id="runs" title="Runs" n={num(t.runs)}
								actions={report.runs.length < t.runs ? <a href={href("/runs", q)}>All {num(t.runs)} runs</a> : null}>
								{report.runs.length === 0
									? <Empty title="No run"><p>The evidence came from imported dumps, or from machines outside a test run.</p></Empty>
									: <Table caption="Runs" dense rows={report.runs} columns={runColumns({ build: true })} />}
							</Section>
						</div>
						<Section id="images" title="Images" n={num(b.images.length)}><Images build={b} /></Section>
					</>
				)}
			<p class="page-foot"><DataTime at={at} /></p>
		</>
	);
}

export default function ReportPage({ place }: { place: Place }) {
	const shown = useResource<Report>(`/api/v1/builds/${place.id}/report`, { topics: ["build", "finding", "run", "machine"], id: place.id });
	const { data, problem, now } = shown;
	if (!data) {
		if (!problem) return <SkeletonPage what="the build report" />;
		if (problem.status === 404) return <Missing place={place} />;
		return <Page title="Build report"><h1 class="sr">Build report</h1><ProblemBox problem={problem} what="The build report" retry={() => void now.refresh()} /></Page>;
	}
	return (
		<Page title={`${data.build.driver.name} ${buildName(data.build)}`} cls="report" simulated={data.simulated}>
			{problem ? <StaleNote problem={problem} retry={() => void now.refresh()} /> : null}
			<Body report={data} at={now.at.value} />
		</Page>
	);
}
