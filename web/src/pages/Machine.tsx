import type { Finding, MachineDetail, Occurrence } from "../api/model.ts";
import { useList, useResource } from "../api/resource.ts";
import { bytes, count, num, words } from "../format.ts";
import { Simulated } from "../parts/badges.tsx";
import { Facts, Figure, Head, Page, Section } from "../parts/page.tsx";
import { findingColumns, MachineState, occurrenceColumns } from "../parts/rows.tsx";
import { Empty, ProblemBox, SkeletonPage, StaleNote } from "../parts/states.tsx";
import { DataTime, ListView } from "../parts/table.tsx";
import { Mono, Outside, When } from "../parts/text.tsx";
import { href, type Place } from "../router.ts";
import { Missing } from "../parts/missing.tsx";

const ENDS = { clean: "shut down", bugcheck: "bug check", unexpected: "unexpected restart", power_loss: "power loss", unknown: "end unknown" };

function Findings({ machine }: { machine: number }) {
	const shown = useList<Finding>(href("/api/v1/findings", { machine, limit: 20 }), { topics: ["finding"] });
	return <ListView shown={shown} what="Findings on this machine" one="finding" columns={findingColumns(null)} empty={<Empty title="No finding on this machine" icon="findings"><p>Nothing was reported from it so far.</p></Empty>} />;
}

function Occurrences({ machine }: { machine: number }) {
	const shown = useList<Occurrence>(href("/api/v1/occurrences", { machine, limit: 20 }), { topics: ["finding"] });
	return <ListView shown={shown} what="Occurrences on this machine" one="occurrence" columns={occurrenceColumns({ machine: true, run: true }, shown.data?.items ?? [])} empty={<Empty title="No occurrence" />} />;
}

function Body({ m }: { m: MachineDetail }) {
	const e = m.environment;
	const live = m.agents.filter((a) => a.retired_at === null);
	const skew = live[0]?.clock_offset_us ?? null;
	return (
		<>
			<div class="detail">
				<div class="detail-main">
					<Section id="findings" title="Findings" n={num(m.findings)}><Findings machine={m.id} /></Section>
					<Section id="occurrences" title="Occurrences" n={num(m.occurrences)}><Occurrences machine={m.id} /></Section>
				</div>
				<aside class="side" aria-label="About this machine">
					<Section id="system" title="System">
						<Facts facts={[
							["System", m.os ? <Outside text={m.os} /> : <span class="muted">not reported</span>],
							m.os_build ? ["Build", `${m.os_build}${e?.ubr ? `.${e.ubr}` : ""}`] : null,
							m.arch ? ["Processor", `${e?.cpus ? `${e.cpus} × ` : ""}${m.arch}`] : null,
							e?.memory_bytes ? ["Memory", bytes(e.memory_bytes)] : null,
							e?.hypervisor ? ["Hypervisor", <Outside text={e.hypervisor} />] : null,
							m.agent_version ? ["Agent", <Mono text={m.agent_version} />] : null,
							skew !== null ? ["Clock", `${(skew / 1e6).toFixed(3)} s from the server`] : null,
							["Known since", <When at={m.created_at} />],
						]} />
					</Section>
					{m.recent_boots.length
						? (
							<Section id="boots" title="Recent boots">
								<ul class="side-list">
									{m.recent_boots.slice(0, 10).map((b) => (
										<li key={b.id}><When at={b.started_at} /><span class="muted">{b.kind === "imported" ? "imported" : b.end_kind ? ENDS[b.end_kind] : "not ended"}</span></li>
									))}
								</ul>
							</Section>
						)
						: null}
					{live.some((a) => a.streams.length || a.rejected)
						? (
							<Section id="agent" title="Agent streams">
								{live.map((a) => (
									<div key={a.agent_id}>
										<ul class="side-list">
											{a.streams.map((x) => (
												<li key={x.stream}><span>{words(x.lane)}</span><span class="muted">{num(x.acked_seq)} acknowledged, <When at={x.updated_at} /></span></li>
											))}
										</ul>
										{a.rejected > 0 ? <p class="side-more"><a href={href("/rejected", { machine: m.id })}>{count(a.rejected, "rejected record")}</a></p> : null}
									</div>
								))}
							</Section>
						)
						: null}
				</aside>
			</div>
		</>
	);
}

export default function MachinePage({ place }: { place: Place }) {
	const { data: m, problem, now } = useResource<MachineDetail>(`/api/v1/machines/${place.id}`, { topics: ["machine", "finding", "run"], id: place.id });
	if (!m) {
		if (!problem) return <SkeletonPage what="the machine" />;
		if (problem.status === 404) return <Missing place={place} />;
		return <Page title="Machine"><h1 class="sr">Machine</h1><ProblemBox problem={problem} what="The machine" retry={() => void now.refresh()} /></Page>;
	}
	const q = { machine: m.id };
	return (
		<Page title={m.name} simulated={m.simulated}>
			{problem ? <StaleNote problem={problem} retry={() => void now.refresh()} /> : null}
			<Head crumbs={[{ text: "Machines", href: "/machines" }]} title={<Outside text={m.name} cls="mono" />}
				badges={m.simulated ? <Simulated /> : null} sub="What happened on this machine?"
				meta={<ul class="meta"><li><MachineState status={m.status} /></li><li><span class="muted">Last seen</span> <When at={m.last_seen} /></li></ul>} />
			<ul class="figures" aria-label="In numbers">
				<Figure n={num(m.findings)} label="Findings" href={m.findings ? href("/findings", q) : null} />
				<Figure n={num(m.occurrences)} label="Occurrences" href={m.occurrences ? href("/occurrences", q) : null} />
				<Figure n={num(m.runs)} label="Runs" href={m.runs ? href("/runs", q) : null} />
			</ul>
			<Body m={m} />
			<p class="page-foot"><DataTime at={now.at.value} /></p>
		</Page>
	);
}
