import assert from "node:assert/strict";
import { test } from "node:test";
import { ago, bytes, code, count, duration, hexParts, instant, linkDate, num, place, visible, words } from "../src/format.ts";

test("visible: plain text of every script stays as it is", () => {
	for (const s of ["netx.sys", "Gerät-07", "測試機", "машина", "מכונה", "a b", "🧪", ""]) assert.equal(visible(s), s);
});

test("visible: what hides, reorders or breaks becomes its escape", () => {
	assert.equal(visible("a\u202egpj.exe"), "a\\u{202e}gpj.exe");
	assert.equal(visible("\u2066x\u2069"), "\\u{2066}x\\u{2069}");
	assert.equal(visible("a\u200bb\ufeff"), "a\\u{200b}b\\u{feff}");
	assert.equal(visible("line\nnext\ttab\0"), "line\\u{000a}next\\u{0009}tab\\u{0000}");
	assert.equal(visible("\u0085\u009b"), "\\u{0085}\\u{009b}");
	assert.equal(visible("tag\u{e0041}"), "tag\\u{e0041}");
	assert.equal(visible("half\ud800"), "half\\u{d800}");
	assert.equal(visible("\ufffe"), "\\u{fffe}");
});

test("visible: nothing that Unicode calls a control, a format or a surrogate is left", () => {
	let all = "";
	for (let c = 0; c <= 0x10ffff; c++) all += String.fromCodePoint(c);
	const left = visible(all);
	assert.doesNotMatch(left, /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/);
	assert.doesNotMatch(left, /[\u0000-\u001f\u007f-\u009f]/);
	assert.doesNotMatch(left, /[\p{Zl}\p{Zp}]/u);
});

test("visible: markup is only text", () => {
	assert.equal(visible('<img src=x onerror="alert(1)">'), '<img src=x onerror="alert(1)">');
});

test("num and count", () => {
	assert.equal(num(12480), "12,480");
	assert.equal(num(null), "–");
	assert.equal(num(Number.NaN), "–");
	assert.equal(count(1, "machine"), "1 machine");
	assert.equal(count(0, "machine"), "0 machines");
	assert.equal(count(2, "entry", "entries"), "2 entries");
});

test("bytes", () => {
	assert.equal(bytes(0), "0 B");
	assert.equal(bytes(999), "999 B");
	assert.equal(bytes(1000), "1.0 kB");
	assert.equal(bytes(1444532), "1.4 MB");
	assert.equal(bytes(999_999), "1.0 MB");
	assert.equal(bytes(-1), "–");
	assert.equal(bytes(null), "–");
});

test("duration: the two largest units", () => {
	assert.equal(duration(3.7470697), "3.7 s");
	assert.equal(duration(59), "59 s");
	assert.equal(duration(60), "1 min");
	assert.equal(duration(93784), "1 d 2 h");
	assert.equal(duration(86401), "1 d");
	assert.equal(duration(3600 * 5 + 59), "5 h");
	assert.equal(duration(null), "–");
});

test("ago: past, now, and a clock that is ahead", () => {
	const now = Date.parse("2026-11-21T20:00:00Z");
	assert.equal(ago("2026-11-21T19:59:58Z", now), "now");
	assert.equal(ago("2026-11-21T19:56:00Z", now), "4 min ago");
	assert.equal(ago("2026-11-19T19:56:00Z", now), "2 d ago");
	assert.equal(ago("2021-02-21T01:38:22.987765Z", now), "2021-02-21");
	assert.equal(ago("2026-11-21T22:00:00Z", now), "in 2 h");
	assert.equal(ago("nonsense", now), "–");
	assert.equal(ago(null, now), "–");
});

test("instant is UTC", () => {
	assert.equal(instant("2026-11-21T20:41:02.123456Z"), "2026-11-21 20:41:02 UTC");
	assert.equal(instant(""), "–");
});

test("code: the way people say a bug check", () => {
	assert.equal(code("0x0000007e"), "0x7E");
	assert.equal(code("0x000000e6"), "0xE6");
	assert.equal(code("0x00000000"), "0x0");
	assert.equal(code("<b>"), "<b>");
});

test("hexParts: zeros apart, and together they are the value", () => {
	assert.deepEqual(hexParts("0x0000000000000003"), ["0x000000000000000", "3"]);
	assert.deepEqual(hexParts("0xffffffffc0000005"), ["0x", "ffffffffc0000005"]);
	assert.deepEqual(hexParts("0x0000000000000000"), ["0x000000000000000", "0"]);
	for (const v of ["0x0000000000000000", "0x00000000c0000005", "odd"]) assert.equal(hexParts(v).join(""), v);
});

test("place, linkDate, words", () => {
	assert.equal(place("amdppm.sys", "0x334c"), "amdppm.sys+0x334c");
	assert.equal(place("amdppm.sys", null), "amdppm.sys");
	const now = Date.parse("2026-11-21T20:00:00Z");
	assert.equal(linkDate("0x5f5e0ff0", now), "2020-09-13");
	assert.equal(linkDate("0xfafafafa", now), null);
	assert.equal(linkDate("0x00000000", now), null);
	assert.equal(words("boot_loop"), "Boot loop");
});
