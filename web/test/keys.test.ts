import assert from "node:assert/strict";
import { test } from "node:test";
import { chord, SHORTCUTS } from "../src/keys.ts";
import { touches } from "../src/live.ts";
import { nextTheme } from "../src/state/prefs.ts";

test("chord: single keys, and g with a second one", () => {
	assert.equal(chord("", "j"), "down");
	assert.equal(chord("", "?"), "help");
	assert.equal(chord("", "g"), "wait");
	assert.equal(chord("g", "b"), "builds");
	assert.equal(chord("g", "i"), "findings");
	assert.equal(chord("", "b"), null);
	assert.equal(chord("g", "x"), null);
	assert.equal(chord("", "constructor"), null);
});

test("every shortcut of the help does something", () => {
	for (const s of SHORTCUTS) {
		if (s.keys[0] === "Enter" || s.keys[0] === "Esc") continue;
		const [first, second] = s.keys;
		assert.ok(second ? chord(first!, second) : chord("", first!), s.text);
	}
});

test("touches: a topic, and for the first topic only its own id", () => {
	assert.equal(touches({ topics: ["build", "finding"], id: "3" }, { topic: "build", id: 3 }), true);
	assert.equal(touches({ topics: ["build", "finding"], id: "3" }, { topic: "build", id: 4 }), false);
	assert.equal(touches({ topics: ["build", "finding"], id: "3" }, { topic: "finding", id: 9 }), true);
	assert.equal(touches({ topics: ["finding"] }, { topic: "machine", id: 1 }), false);
	assert.equal(touches({ topics: ["finding"] }, { topic: "finding", id: 1 }), true);
});

test("theme goes round", () => {
	assert.equal(nextTheme(nextTheme(nextTheme("system"))), "system");
});
