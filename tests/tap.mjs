// Reads TAP as cmocka, pgTAP, node:test and our own scripts print it. Counts leaves: a point that sums up indented
// points above it is not counted again, unless it failed and none of them did.

const MOST_LINES = 60;

export class TapReader {
  /** @param tally {passed, failed, skipped, failures: [{name, lines}], skips: [reason]}: filled as lines come. */
  constructor(tally) {
    this.tally = tally;
    this.levels = []; // per depth: points seen since the last point of a lower depth, and how many of them failed
    this.planned = 0;
    this.points = 0;
    this.plans = 0;
    this.current = null; // lines after a failed point belong to it
    this.before = []; // and so may those in front of it
  }

  line(line) {
    const point = /^(\s*)(not )?ok\b\s*(?:\d+)?\s*(?:-\s*)?(.*)$/.exec(line);
    const plan = /^1\.\.(\d+)/.exec(line);

    if (plan) {
      this.plans++;
      this.planned += Number(plan[1]);
      if (plan[1] === '0') this.skip(/#\s*skip\S*\s*(.*)/i.exec(line)?.[1] || 'no reason given');
      return;
    }
    if (!point) {
      if (this.current && this.current.lines.length < MOST_LINES) this.current.lines.push(line);
      else if (!this.current) this.before = [...this.before, line].slice(-12);
      return;
    }
    const depth = Math.floor(point[1].length / 4);
    const failed = Boolean(point[2]);
    const directive = /#\s*(skip|todo)\S*\s*(.*)/i.exec(point[3]);
    const below = this.levels[depth + 1] ?? { points: 0, failed: 0 };

    this.levels.length = depth + 1;
    this.levels[depth] ??= { points: 0, failed: 0 };
    for (let d = 0; d < depth; d++) this.levels[d] ??= { points: 0, failed: 0 };
    this.levels[depth].points++;
    if (failed) this.levels[depth].failed++;
    if (depth === 0) this.points++;
    this.current = null;
    if (below.points && !(failed && !below.failed)) {
      this.before = [];
      return;
    }
    if (directive && directive[1].toLowerCase() === 'skip') this.skip(`${point[3].split('#')[0].trim()} (${directive[2]})`);
    else if (failed && !directive) {
      this.current = { name: point[3] || 'unnamed', lines: [...this.before] };
      this.tally.failed++;
      this.tally.failures.push(this.current);
    } else if (!failed) this.tally.passed++;
    this.before = [];
  }

  skip(reason) {
    this.tally.skipped++;
    this.tally.skips.push(reason);
  }

  /** @returns what is wrong with the run as a whole, or null. */
  end(code) {
    if (typeof code === 'string') return code;
    if (!this.plans) return `ended with ${code} and without a TAP plan`;
    if (this.planned !== this.points) return `planned ${this.planned} tests and ran ${this.points}`;
    if (code !== 0 && !this.tally.failed) return `all tests passed, yet it ended with ${code}`;
    if (this.points === 0 && this.tally.skipped === 0) return 'ran no test';
    return null;
  }
}
