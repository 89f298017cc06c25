import type { Rejected as Row } from "../api/model.ts";
import { useList } from "../api/resource.ts";
import { visible } from "../format.ts";
import { FilterRef } from "../parts/filterbar.tsx";
import { Head, Page } from "../parts/page.tsx";
import { MachineLink, SimulatedMark } from "../parts/rows.tsx";
import { Empty } from "../parts/states.tsx";
import { ListView } from "../parts/table.tsx";
import { Copy, Mono, Outside, When } from "../parts/text.tsx";
import { href, type Place } from "../router.ts";

export default function Rejected({ place }: { place: Place }) {
	const shown = useList<Row>(href("/api/v1/rejected", { machine: place.query.get("machine"), project: place.query.get("project") }),
		{ topics: ["rejected"] });
	return (
		<Page title="Rejected records">
			<Head title="Rejected records" sub="What came from agents and could not be understood? It is kept here and blocks nothing behind it." />
			<div class="bar"><FilterRef name="machine" label="Machine" /></div>
			<ListView shown={shown} what="Rejected records" one="record" columns={[
				{ key: "at", head: "Received", cell: (r) => <span class="two"><When at={r.received_at} exact /><SimulatedMark on={r.simulated} /></span> },
				{ key: "machine", head: "Machine", cell: (r) => <MachineLink machine={r.machine} /> },
				{ key: "reason", head: "Reason", kind: "wide", cell: (r) => <><Outside text={r.reason} />{r.field ? <span class="muted"> in <Mono text={r.field} /></span> : null}</> },
				{ key: "seq", head: "Sequence", kind: "num", hide: "narrow", cell: (r) => r.seq ?? "–" },
				{
					key: "raw", head: "As it came", hide: "narrow", cell: (r) => r.raw === null ? <span class="muted">not kept</span> : (
						<details class="raw"><summary>Show</summary><pre><code>{visible(r.raw)}</code></pre><Copy text={r.raw} what="the record" wide /></details>
					),
				},
			]} empty={<Empty title="No record was rejected" icon="check"><p>Everything that agents sent so far was understood.</p></Empty>} />
		</Page>
	);
}
