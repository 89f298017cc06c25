import type { Build } from "../api/model.ts";
import { useList } from "../api/resource.ts";
import { Page, Head, Filters, type Filter } from "../parts/page.tsx";
import { FilterRef, QueryField } from "../parts/filterbar.tsx";
import { buildColumns } from "../parts/rows.tsx";
import { Empty } from "../parts/states.tsx";
import { ListView } from "../parts/table.tsx";
import { href, type Place } from "../router.ts";
import { Outside } from "../parts/text.tsx";

const FILTERS = [["driver", "Driver"], ["branch", "Branch"], ["project", "Project"], ["q", "Text"]] as const;

export default function Builds({ place }: { place: Place }) {
	const q = place.query;
	const driver = q.get("driver");
	const path = href("/api/v1/builds", {
		driver, project: q.get("project"), branch: q.get("branch"), q: q.get("q"),
		finding: q.get("finding"), machine: q.get("machine"), sort: driver ? null : "created",
	});
	const shown = useList<Build>(path, { topics: ["build", "finding", "run"] });
	const filters: Filter[] = FILTERS.flatMap(([name, label]) => q.get(name) ? [{ name, label, text: q.get(name)! }] : []);
	const filtered = filters.length > 0 || q.has("finding") || q.has("machine");
	return (
		<Page title={driver ? `Builds of ${driver}` : "Builds"}>
			<Head title={driver ? <>Builds of <Outside text={driver} cls="mono" /></> : "Builds"}
				sub="What did each build bring, and what was only seen beside it?" />
			<div class="bar">
				<QueryField name="q" label="Find a build" placeholder="Label or commit" />
				<Filters filters={filters} />
				<FilterRef name="finding" label="Finding" /><FilterRef name="machine" label="Machine" />
			</div>
			<ListView shown={shown} what="Builds" one="build" columns={buildColumns(shown.data?.items ?? [], driver !== null)}
				empty={filtered
					? <Empty title="No build matches" icon="search"><a href="/builds">Show every build</a></Empty>
					: (
						<Empty title="No build is registered yet" icon="builds">
							<p>A build appears here once it is registered or the first run names it. <a href="/setup">First steps</a> has the commands, filled in for this server.</p>
						</Empty>
					)} />
		</Page>
	);
}
