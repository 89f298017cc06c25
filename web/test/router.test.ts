import assert from "node:assert/strict";
import { test } from "node:test";
import { href, match, returnTo, withQuery } from "../src/router.ts";

test("match: pages, ids, short links, trailing slashes", () => {
	assert.equal(match("/").page, "home");
	assert.equal(match("/builds").page, "builds");
	assert.deepEqual([match("/builds/12").page, match("/builds/12").id], ["build", "12"]);
	assert.deepEqual([match("/b/12").page, match("/f/7").page, match("/m/3").page], ["build", "finding", "machine"]);
	assert.equal(match("/findings/").page, "findings");
	assert.equal(match("/occurrences/9").page, "occurrence");
});

test("match: what is no page", () => {
	for (const p of ["/builds/0", "/builds/x", "/builds/1/2", "/BUILDS", "/builds/1e3", "/fleet", "/builds/99999999999999999999"]) {
		assert.equal(match(p).page, "not-found", p);
	}
});

test("href: equal states have equal addresses", () => {
	assert.equal(href("/findings", { build: 3, role: "own", kind: null, q: "", new: false }), "/findings?build=3&role=own");
	assert.equal(href("/findings", {}), "/findings");
	assert.equal(href("/findings", { new: true, q: "a b&c=d" }), "/findings?new=1&q=a+b%26c%3Dd");
});

test("withQuery changes and removes members, and a round trip keeps the rest", () => {
	const at = match("/findings", "?build=3&role=own&q=x");
	assert.equal(withQuery(at, { q: "y" }), "/findings?build=3&role=own&q=y");
	assert.equal(withQuery(at, { build: null, role: null }), "/findings?q=x");
	const again = match("/findings", withQuery(at, {}).slice("/findings".length));
	assert.deepEqual([...again.query], [...at.query]);
});

test("returnTo never leaves this server", () => {
	assert.equal(returnTo("/builds/3?x=1"), "/builds/3?x=1");
	for (const bad of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", null, "/a\nb", "/sign-in?return=/x"]) {
		assert.equal(returnTo(bad), "/", String(bad));
	}
});
