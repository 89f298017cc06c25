import { Head, Page } from "../parts/page.tsx";
import { Mono } from "../parts/text.tsx";
import type { Place } from "../router.ts";

export default function NotFound({ place }: { place: Place }) {
	return (
		<Page title="Not found">
			<Head title="There is nothing at this address" sub={<Mono text={place.path} />} />
			<p class="prose">The link may be old, or a letter is missing. From here: <a href="/builds">builds</a>, <a href="/findings">findings</a> or <a href="/machines">machines</a>.</p>
		</Page>
	);
}
