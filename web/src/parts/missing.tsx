import type { Place } from "../router.ts";
import { Head, Page } from "./page.tsx";
import { Mono } from "./text.tsx";

/** An address that leads nowhere, or a thing that is not there (any more). */
export function Missing({ place }: { place: Place }) {
	return (
		<Page title="Not found">
			<Head title="There is nothing at this address" sub={<Mono text={place.path} />} />
			<p class="prose">
				The link may be old, or a letter is missing. From here: <a href="/builds">builds</a>, <a href="/findings">findings</a> or <a href="/machines">machines</a>.
			</p>
		</Page>
	);
}
