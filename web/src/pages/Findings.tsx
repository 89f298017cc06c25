import type { Finding } from "../api/model.ts";
import { useList } from "../api/resource.ts";
import { FilterRef, QuerySelect } from "../parts/filterbar.tsx";
import { Filters, Head, Page, type Filter } from "../parts/page.tsx";
import { findingColumns } from "../parts/rows.tsx";
import { Empty } from "../parts/states.tsx";
import { ListView } from "../parts/table.tsx";
import { href, type Place } from "../router.ts";
import { kindNames, kindTitle } from "../state/words.ts";

const NAMED = [["q", "Text"], ["driver", "Driver"], ["project", "Project"]] as const;

export default function Findings({ place }: { place: Place }) {
	const q = place.query;
	const build = q.get("build");
	const isNew = q.get("new") === "1" && build !== null;
	const path = href("/api/v1/findings", {
		q: q.get("q"), kind: q.get("kind"), driver: q.get("driver"), project: q.get("project"), build, machine: q.get("machine"),
		role: build ? q.get("role") : null, new: isNew ? "1" : null, sort: q.get("sort"),
	});
	const shown = useList<Finding>(path, { topics: ["finding"] });
	const filters: Filter[] = NAMED.flatMap(([name, label]) => q.get(name) ? [{ name, label, text: q.get(name)! }] : []);
	const filtered = [...q.keys()].some((k) => k !== "sort");
	const which: [string, string][] = [["", "All seen with it"], ["own", "Own"], ["other", "Other culprit"]];
	return (
		<Page title="Findings">
			<Head title={isNew ? "New findings" : "Findings"} sub={
				isNew ? "What is this build's own and was not seen on any build before it?"
				: q.get("role") === "other" ? "What was seen with this build while another driver was the culprit?"
				: q.get("role") === "own" ? "What is this build's own?"
				: "What is wrong, and where was it seen?"
			} />
			<div class="bar">
				<QuerySelect name="kind" label="Kind" options={[["", "Every kind"], ...kindNames.map((k): [string, string] => [k, kindTitle(k)])]} />
				{build && !isNew ? <QuerySelect name="role" label="Role" options={which} /> : null}
				<QuerySelect name="sort" label="Order" options={[["", "Last seen"], ["occurrences", "Most occurrences"]]} />
				<FilterRef name="build" label={isNew ? "New with" : "Build"} />
				<FilterRef name="machine" label="Machine" />
				<Filters filters={filters} />
			</div>
			<ListView shown={shown} what="Findings" one="finding" columns={findingColumns(build)}
				empty={filtered
					? <Empty title="No finding matches" icon="search"><p>Nothing that was reported has all of these. <a href="/findings">Show every finding</a></p></Empty>
					: (
						<Empty title="No finding yet" icon="findings">
							<p>Nothing has been reported so far. That is not the same as nothing being wrong. <a href="/setup">First steps</a> shows how to import a dump or enrol a machine.</p>
						</Empty>
					)} />
		</Page>
	);
}
