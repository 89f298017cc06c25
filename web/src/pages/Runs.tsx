import type { Run } from "../api/model.ts";
import { useList } from "../api/resource.ts";
import { FilterRef } from "../parts/filterbar.tsx";
import { Head, Page } from "../parts/page.tsx";
import { runColumns } from "../parts/rows.tsx";
import { Empty } from "../parts/states.tsx";
import { ListView } from "../parts/table.tsx";
import { href, type Place } from "../router.ts";

export default function Runs({ place }: { place: Place }) {
	const q = place.query;
	const shown = useList<Run>(href("/api/v1/runs", { build: q.get("build"), machine: q.get("machine"), project: q.get("project") }),
		{ topics: ["run", "finding"] });
	return (
		<Page title="Runs">
			<Head title="Runs" sub="Which test runs were reported, and how did each end?" />
			<div class="bar"><FilterRef name="build" label="Build" /><FilterRef name="machine" label="Machine" /></div>
			<ListView shown={shown} what="Runs" one="run" columns={runColumns({ build: q.has("build"), machine: q.has("machine") })}
				empty={[...q.keys()].length
					? <Empty title="No run matches" icon="search"><a href="/runs">Show every run</a></Empty>
					: <Empty title="No run has been reported yet" icon="machines"><p>An agent reports a run when a test starts and ends on its machine.</p></Empty>} />
		</Page>
	);
}
