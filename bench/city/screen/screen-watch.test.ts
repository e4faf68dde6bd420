import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { monotonicMs } from '../../load/monotonic-ms.ts';
import type { Screen } from './screen.ts';
import { ScreenWatch } from './screen-watch.ts';

const ROWS = 40;
const PATIENCE_MS = 60_000;

/** A page that adds a row every few ms once it is asked to, each named after the moment it was added, by the system's clock. */
const page = `<main></main><script>
  addRows = () => {
    let left = ${ROWS};
    const timer = setInterval(() => {
      const box = document.createElement('div');
      box.innerHTML = '<p class="row" id="r' + left + '-' + Date.now() + '"></p><p id="other"></p>';
      document.querySelector('main').append(box);
      // Drawn anew, it is not a new row.
      document.querySelector('main').append(box);
      if (--left === 0) clearInterval(timer);
    }, 7);
  };
</script>`;

let opened: Page | undefined;
const screen: Screen = {
  async open(browser) {
    opened = await browser.newPage();
    await opened.setContent(page);
    return opened;
  },
  rowSelector: '.row',
  rowName: 'row.id',
};

let watch: ScreenWatch;
before(async () => {
  watch = await ScreenWatch.open(screen);
});
after(() => watch.close());

test('the page itself says when each row came, on the clock of this process', { timeout: PATIENCE_MS }, async () => {
  await watch.begin();
  await opened?.evaluate('addRows()');
  const { atMs } = await watch.shown(ROWS, [], PATIENCE_MS / 2);
  // Held up between the two, the difference is too small: the greatest counts.
  const wallMs = Math.max(...Array.from({ length: 1_000 }, () => Date.now() - monotonicMs()));
  assert.equal(atMs.size, ROWS);
  assert.ok([...atMs.keys()].every((name) => /^r\d+-\d+$/.test(name)));
  // A name has lost the part of its millisecond; the page may be held up between the name and the note.
  const differencesMs = [...atMs].map(([name, at]) => at + wallMs - Number(name.split('-')[1])).sort((a, b) => a - b);
  const [least = NaN, middle = NaN] = [differencesMs[0], differencesMs[ROWS / 2]];
  assert.ok(least > -2 && middle < 20, `${least} … ${middle} ms`);
});
