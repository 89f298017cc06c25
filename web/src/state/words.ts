/* The words of the catalogues, as people read them. */
import { KINDS } from "../catalog.ts";
import { words } from "../format.ts";

const TITLES = new Map<string, string>(KINDS.map((k) => [k.name, k.title]));

export function kindTitle(kind: string): string {
	return TITLES.get(kind) ?? words(kind);
}

export const kindNames: readonly string[] = KINDS.map((k) => k.name);
