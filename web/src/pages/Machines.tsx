import type { Machine } from "../api/model.ts";
import { useList } from "../api/resource.ts";
import { FilterRef, QueryField } from "../parts/filterbar.tsx";
import { Filters, Head, Page, type Filter } from "../parts/page.tsx";
import { machineColumns } from "../parts/rows.tsx";
import { Empty } from "../parts/states.tsx";
import { ListView } from "../parts/table.tsx";
import { href, type Place } from "../router.ts";

export default function Machines({ place }: { place: Place }) {
	const q = place.query;
	const path = href("/api/v1/machines", { q: q.get("q"), build: q.get("build"), finding: q.get("finding"), project: q.get("project") });
	const shown = useList<Machine>(path, { topics: ["machine"] });
	const filters: Filter[] = q.get("project") ? [{ name: "project", label: "Project", text: q.get("project")! }] : [];
	return (
		<Page title="Machines">
			<Head title="Machines" sub="Which machines report, and what was seen on each?" />
			<div class="bar">
				<QueryField name="q" label="Find a machine" placeholder="Name" />
				<FilterRef name="build" label="Build" /><FilterRef name="finding" label="Finding" />
				<Filters filters={filters} />
			</div>
			<ListView shown={shown} what="Machines" one="machine" columns={machineColumns()}
				empty={[...q.keys()].length
					? <Empty title="No machine matches" icon="search"><a href="/machines">Show every machine</a></Empty>
					: <Empty title="No machine has reported yet" icon="machines"><p>Enrol one with the command in <a href="/setup">First steps</a>, or import dumps with the name of the machine they come from.</p></Empty>} />
		</Page>
	);
}
