import type { Occurrence } from "../api/model.ts";
import { useList } from "../api/resource.ts";
import { FilterRef, QuerySelect } from "../parts/filterbar.tsx";
import { Filters, Head, Page, type Filter } from "../parts/page.tsx";
import { occurrenceColumns } from "../parts/rows.tsx";
import { Empty } from "../parts/states.tsx";
import { ListView } from "../parts/table.tsx";
import { href, type Place } from "../router.ts";
import { kindTitle } from "../state/words.ts";

const ATTRIBUTIONS: [string, string][] = [["", "Any"], ["explicit", "Named by the sender"], ["run", "By its run"], ["image", "By an image"], ["none", "No build"]];

export default function Occurrences({ place }: { place: Place }) {
	const q = place.query;
	const build = q.get("build");
	const path = href("/api/v1/occurrences", {
		finding: q.get("finding"), build, machine: q.get("machine"), run: q.get("run"), role: build ? q.get("role") : null,
		kind: q.get("kind"), attribution: q.get("attribution"), project: q.get("project"),
	});
	const shown = useList<Occurrence>(path, { topics: ["finding"] });
	const filters: Filter[] = [];
	const kind = q.get("kind");
	if (kind) filters.push({ name: "kind", label: "Kind", text: kindTitle(kind) });
	const project = q.get("project");
	if (project) filters.push({ name: "project", label: "Project", text: project });
	return (
		<Page title="Occurrences">
			<Head title="Occurrences" crumbs={[{ text: "Findings", href: "/findings" }]} sub="When and where was it seen, one by one?" />
			<div class="bar">
				<QuerySelect name="attribution" label="Build known" options={ATTRIBUTIONS} />
				{build ? <QuerySelect name="role" label="Role" options={[["", "All"], ["own", "Own"], ["other", "Other culprit"]]} /> : null}
				<FilterRef name="finding" label="Finding" /><FilterRef name="build" label="Build" />
				<FilterRef name="machine" label="Machine" /><FilterRef name="run" label="Run" />
				<Filters filters={filters} />
			</div>
			<ListView shown={shown} what="Occurrences" one="occurrence"
				columns={occurrenceColumns({ finding: q.has("finding"), machine: q.has("machine"), build: q.has("build") }, shown.data?.items ?? [])}
				empty={<Empty title="No occurrence matches" icon="search"><a href="/occurrences">Show every occurrence</a></Empty>} />
		</Page>
	);
}
