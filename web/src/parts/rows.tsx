/* Columns and cells that several pages share, so that a build or a finding looks the same everywhere. */
import type { Build, BuildRef, Finding, Machine, MachineStatus, Occurrence, Run } from "../api/model.ts";
import { code, duration, num, visible } from "../format.ts";
import { href } from "../router.ts";
import { attributionText, Kind, New, Role, Simulated } from "./badges.tsx";
import { Icon, type IconName } from "./icons.tsx";
import type { Column } from "./table.tsx";
import { Count, Mono, Outside, Site, When } from "./text.tsx";

/** The name people give a build; its place on the branch when it has none. */
export function buildName(b: { label: string | null; seq: number }): string {
	return b.label ?? `#${b.seq}`;
}

export function BuildLink({ build, driver = false }: { build: BuildRef | null; driver?: boolean }) {
	if (!build) return <span class="muted">–</span>;
	return (
		<a href={`/builds/${build.id}`} class="nowrap" title={visible(`${build.driver} ${buildName(build)}, ${build.branch} #${build.seq}`)}>
			{driver ? <><Mono text={build.driver} /> </> : null}<Mono text={buildName(build)} />
		</a>
	);
}

export function MachineLink({ machine }: { machine: { id: number; name: string } | null }) {
	return machine ? <a href={`/machines/${machine.id}`}><Mono text={machine.name} /></a> : <span class="muted">–</span>;
}

const STATUS: Record<MachineStatus, { word: string; tone: string; icon: IconName; title: string }> = {
	online: { word: "Online", tone: "pass", icon: "check", title: "Its agent reported in time" },
	late: { word: "Late", tone: "warn", icon: "bang", title: "A heartbeat is missing" },
	offline: { word: "Offline", tone: "fail", icon: "cross", title: "Its agent has not reported for a while" },
	never: { word: "Never seen", tone: "none", icon: "clock", title: "Enrolled, but nothing has come from it yet" },
	imported: { word: "Imported", tone: "none", icon: "tray", title: "Known from imported dumps only; no agent" },
};

export function MachineState({ status }: { status: MachineStatus }) {
	const s = STATUS[status];
	return <span class={`status ${s.tone}`} title={s.title}><Icon name={s.icon} cls="small" />{s.word}</span>;
}

export function Outcome({ run }: { run: Run }) {
	switch (run.outcome) {
		case "completed": return <span class="status pass"><Icon name="check" cls="small" />Completed</span>;
		case "bugcheck": return <span class="status fail"><Icon name="cross" cls="small" />Bug check</span>;
		case "aborted": return <span class="status warn"><Icon name="bang" cls="small" />Aborted</span>;
		default: return <span class="status none" title="No end of this run has been reported"><Icon name="clock" cls="small" />No end yet</span>;
	}
}

export function SimulatedMark({ on }: { on: boolean }) {
	return on ? <Simulated small /> : null;
}

/** Its findings as a bar: new, known before, other culprit. The numbers stand beside it. */
function Composition({ build, most }: { build: Build; most: number }) {
	const c = build.counts;
	const known = Math.max(0, c.own - c.new);
	const w = (n: number) => (n * 118) / most;
	const x = [0, w(c.new), w(c.new + known)];
	return (
		<svg class="composition" viewBox="0 0 120 10" width="120" height="10" aria-hidden="true" focusable="false">
			{c.new ? <rect class="bar-own" x={x[0]} y="0" width={Math.max(2, w(c.new) - 1)} height="10" rx="1.5" /> : null}
			{known ? <rect class="bar-known" x={x[1]} y="0" width={Math.max(2, w(known) - 1)} height="10" rx="1.5" /> : null}
			{c.other ? <rect class="bar-beside" x={x[2]! + .5} y="0.5" width={Math.max(2, w(c.other) - 1.5)} height="9" rx="1.5" /> : null}
		</svg>
	);
}

export function buildColumns(rows: readonly Build[], oneDriver: boolean): Column<Build>[] {
	const runs = rows.some((b) => b.counts.runs > 0);
	const most = Math.max(1, ...rows.map((b) => b.counts.own + b.counts.other));
	const q = (b: Build) => ({ build: b.id });
	const columns: (Column<Build> | false)[] = [
		{
			key: "build", head: "Build", kind: "wide", cell: (b) => (
				<span class="finding-title">
					<span class="finding-line">
						<a href={`/builds/${b.id}`} data-row class="row-link">{!oneDriver ? <><Mono text={b.driver.name} /> </> : null}<Mono text={buildName(b)} /></a>
						<SimulatedMark on={b.simulated} />
					</span>
					<span class="finding-sub">
						<a class="sub-link" href={href("/builds", { driver: b.driver.name, project: b.project, branch: b.branch })}><Icon name="branch" cls="small" /><Outside text={b.branch} /> <span class="mono">#{b.seq}</span></a>
						{b.commit ? <span class="hide-narrow"><Mono text={b.commit.slice(0, 10)} /></span> : null}
						{b.last_seen ? null : <span title="Nothing has been reported for this build">no evidence yet</span>}
					</span>
				</span>
			),
		},
		{ key: "bar", head: <span class="sr">Composition</span>, hide: "medium", cell: (b) => <Composition build={b} most={most} /> },
		{
			key: "new", head: "New here", kind: "num", label: "Findings new with this build",
			cell: (b) => b.counts.new > 0
				? <a class="count new-count" href={href("/findings", { ...q(b), new: true })} aria-label={`${num(b.counts.new)} new findings`}><New word={num(b.counts.new)} /></a>
				: <span class="zero">0</span>,
		},
		{ key: "own", head: "Own", kind: "num", label: "Findings whose culprit is this build's driver", cell: (b) => <Count n={b.counts.own} of="own findings" href={href("/findings", { ...q(b), role: "own" })} /> },
		{ key: "other", head: "Other culprit", kind: "num", hide: "narrow", cell: (b) => <Count n={b.counts.other} of="findings with another culprit" href={href("/findings", { ...q(b), role: "other" })} cls="soft" /> },
		{ key: "occ", head: "Occurrences", kind: "num", hide: "narrow", cell: (b) => <Count n={b.counts.occurrences} of="occurrences" href={href("/occurrences", q(b))} cls="soft" /> },
		{ key: "machines", head: "Machines", kind: "num", hide: "medium", cell: (b) => <Count n={b.counts.machines} of="machines" href={href("/machines", q(b))} cls="soft" /> },
		runs && { key: "runs", head: "Runs", kind: "num", hide: "medium", cell: (b) => <Count n={b.counts.runs} of="runs" href={href("/runs", q(b))} cls="soft" /> },
		{ key: "seen", head: "Last seen", kind: "num", hide: "narrow", cell: (b) => <When at={b.last_seen} /> },
	];
	return columns.filter((c): c is Column<Build> => Boolean(c));
}

export function FindingTitle({ f }: { f: Finding }) {
	return (
		<span class="finding-title">
			<span class="finding-line">
				<a href={`/findings/${f.id}`} data-row class="row-link"><Outside text={f.title} /></a>
				{f.in_build?.new ? <New /> : null}
				<SimulatedMark on={f.simulated} />
			</span>
			<span class="finding-sub">
				<Kind kind={f.kind} />
				{f.bugcheck && !f.title.includes(code(f.bugcheck.code)) ? <span class="mono" title={visible(f.bugcheck.name ?? "")}>{code(f.bugcheck.code)}</span> : null}
				{!f.culprit ? <span>no culprit found</span>
					: f.title.includes(f.culprit.module) ? null : <Site module={f.culprit.module} offset={f.culprit.offset} />}
			</span>
		</span>
	);
}

export function findingColumns(build: string | null, hideFirst = false): Column<Finding>[] {
	const inBuild = (f: Finding) => (build ? f.in_build : null);
	const columns: (Column<Finding> | false)[] = [
		{ key: "title", head: "Finding", kind: "wide", cell: (f) => <FindingTitle f={f} /> },
		build !== null && !hideFirst && { key: "role", head: "Role", hide: "narrow", cell: (f) => f.in_build ? <Role role={f.in_build.role} /> : <span class="muted">–</span> },
		!hideFirst && { key: "first", head: "First build", hide: "medium", cell: (f) => <BuildLink build={f.first_build} driver={build === null} /> },
		{
			key: "occ", head: "Occurrences", kind: "num",
			cell: (f) => <Count n={inBuild(f)?.occurrences ?? f.occurrences} of="occurrences" href={href("/occurrences", { finding: f.id, build })} />,
		},
		{ key: "machines", head: "Machines", kind: "num", hide: "narrow", cell: (f) => build
			? <span>{num(inBuild(f)?.machines ?? f.machines)}</span>
			: <Count n={f.machines} of="machines" href={href("/machines", { finding: f.id })} cls="soft" /> },
		build === null && { key: "builds", head: "Builds", kind: "num", hide: "medium", cell: (f) => <Count n={f.builds} of="builds" href={href("/builds", { finding: f.id })} cls="soft" /> },
		{ key: "seen", head: "Last seen", kind: "num", hide: "narrow", cell: (f) => <When at={f.last_seen} /> },
	];
	return columns.filter((c): c is Column<Finding> => Boolean(c));
}

export function occurrenceColumns(leave: { finding?: boolean; machine?: boolean; build?: boolean; run?: boolean }, rows: readonly Occurrence[]): Column<Occurrence>[] {
	const runs = rows.some((o) => o.run !== null);
	const columns: (Column<Occurrence> | false)[] = [
		{ key: "at", head: "Occurred", cell: (o) => <span class="two"><a href={`/occurrences/${o.id}`} data-row class="row-link nowrap"><When at={o.occurred_at} exact /></a><SimulatedMark on={o.simulated} /></span> },
		!leave.finding && { key: "finding", head: "Finding", kind: "wide", cell: (o) => <a class="quiet" href={`/findings/${o.finding.id}`}><Outside text={o.finding.title} /></a> },
		!leave.machine && { key: "machine", head: "Machine", cell: (o) => <MachineLink machine={o.machine} /> },
		!leave.build && { key: "build", head: "Build", hide: "narrow", cell: (o) => o.build
			? <span title={`Attributed ${attributionText(o.attribution)}`}><BuildLink build={o.build} driver /></span>
			: <span class="muted" title="No registered build matches">no build</span> },
		{ key: "role", head: "Role", hide: "narrow", cell: (o) => <Role role={o.role} /> },
		runs && !leave.run && { key: "run", head: "Run", hide: "medium", cell: (o) => o.run ? <a class="quiet" href={href("/occurrences", { run: o.run.id })}><Mono text={o.run.external_id} /></a> : <span class="muted">–</span> },
		{ key: "uptime", head: "Uptime", kind: "num", hide: "medium", cell: (o) => <span class="nowrap">{duration(o.uptime_seconds)}</span> },
		{ key: "dump", head: "Dump", hide: "medium", cell: (o) => o.dump ? (o.dump.available ? "kept" : <span class="muted">not kept</span>) : <span class="muted">none</span> },
	];
	return columns.filter((c): c is Column<Occurrence> => Boolean(c));
}

export function machineColumns(): Column<Machine>[] {
	return [
		{ key: "name", head: "Machine", kind: "wide", cell: (m) => <span class="two"><a href={`/machines/${m.id}`} data-row class="row-link"><Mono text={m.name} /></a><SimulatedMark on={m.simulated} /></span> },
		{ key: "state", head: "State", cell: (m) => <MachineState status={m.status} /> },
		{ key: "os", head: "System", hide: "narrow", cell: (m) => m.os ? <span><Outside text={m.os} />{m.os_build ? <span class="muted"> {m.os_build}</span> : null}</span> : <span class="muted">not reported</span> },
		{ key: "arch", head: "Processor", hide: "medium", cell: (m) => m.arch ?? <span class="muted">–</span> },
		{ key: "findings", head: "Findings", kind: "num", label: "Findings on this machine, all builds", cell: (m) => <Count n={m.findings} of="findings" href={href("/findings", { machine: m.id })} /> },
		{ key: "occ", head: "Occurrences", kind: "num", hide: "narrow", cell: (m) => <Count n={m.occurrences} of="occurrences" href={href("/occurrences", { machine: m.id })} cls="soft" /> },
		{ key: "runs", head: "Runs", kind: "num", hide: "medium", cell: (m) => <Count n={m.runs} of="runs" href={href("/runs", { machine: m.id })} cls="soft" /> },
		{ key: "seen", head: "Last seen", kind: "num", hide: "narrow", cell: (m) => <When at={m.last_seen} /> },
	];
}

export function runColumns(leave: { build?: boolean; machine?: boolean }): Column<Run>[] {
	const columns: (Column<Run> | false)[] = [
		{ key: "run", head: "Run", kind: "wide", cell: (r) => <span class="two"><a href={href("/occurrences", { run: r.id })} data-row class="row-link"><Mono text={r.external_id} /></a><SimulatedMark on={r.simulated} /></span> },
		{ key: "outcome", head: "Outcome", cell: (r) => <Outcome run={r} /> },
		!leave.machine && { key: "machine", head: "Machine", cell: (r) => <MachineLink machine={r.machine} /> },
		!leave.build && { key: "build", head: "Build", hide: "narrow", cell: (r) => <BuildLink build={r.build} driver /> },
		{ key: "start", head: "Started", kind: "num", hide: "narrow", cell: (r) => <When at={r.started_at} /> },
		{ key: "time", head: "Took", kind: "num", hide: "medium", cell: (r) => r.started_at && r.ended_at ? <span class="nowrap">{duration((Date.parse(r.ended_at) - Date.parse(r.started_at)) / 1000)}</span> : <span class="muted">–</span> },
		{ key: "occ", head: "Occurrences", kind: "num", cell: (r) => <Count n={r.occurrences} of="occurrences" href={href("/occurrences", { run: r.id })} /> },
	];
	return columns.filter((c): c is Column<Run> => Boolean(c));
}

