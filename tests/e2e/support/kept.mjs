/** Pages that the browser keeps for going back (bfcache): who drives one usually switches that off. */

import { chromium } from 'playwright-core';
import * as tools from '../../../scripts/tools.mjs';

/** The page was loaded anew. `reasons`: those the browser gives. */
class NotKept extends Error {
  constructor(reasons) {
    super(`the page was not kept: ${reasons.join(', ')}`);
    this.reasons = reasons;
  }
}

/**
 * A visit in a browser that keeps pages: `act(page)`, where `back(page)` comes before the kept one again. Chromium names
 * what kept a page from being kept, or says "masked": for that alone there may be further `visits`, by somebody who has
 * never been here. Whether it is ever ours is not known: a page without us was kept 105 times of 105 on a busy machine.
 */
export async function keeping(act, visits = 1) {
  const { browser: executablePath } = await tools.chromium();
  for (let visit = 1; ; visit += 1) {
    const keeper = await chromium.launch({ executablePath, args: ['--headless=new', '--no-sandbox', '--disable-gpu'], ignoreDefaultArgs: ['--disable-back-forward-cache'] });
    try {
      const page = await keeper.newPage();
      await page.addInitScript(() => {
        addEventListener('pageshow', ({ persisted }) => { window.shown = persisted ? 'again' : 'anew'; });
        addEventListener('pagehide', () => { window.shown = undefined; });
      });
      return await act(page);
    } catch (error) {
      const masked = error instanceof NotKept && error.reasons.every((reason) => reason === 'masked');
      if (!masked || visit === visits) throw error;
    } finally {
      await keeper.close();
    }
  }
}

/** Back to the page before, which must have been kept. */
export async function back(page) {
  await page.goBack({ waitUntil: 'commit' });
  const shown = await (await page.waitForFunction(() => window.shown)).jsonValue();
  if (shown === 'again') return;
  const found = await page.evaluate(() => performance.getEntriesByType('navigation')[0].notRestoredReasons?.reasons.map(({ reason }) => reason));
  throw new NotKept(found ?? ['no reason is given']);
}
