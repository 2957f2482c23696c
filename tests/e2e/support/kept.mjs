/** Pages that the browser keeps for going back (bfcache): who drives one usually switches that off. */

import { chromium } from 'playwright-core';
import * as tools from '../../../scripts/tools.mjs';

/** How often a visit is made anew where the browser does not keep its page for reasons of its own. */
const VISITS = 5;

/** The page was loaded anew. `reasons`: those the browser gives. */
class NotKept extends Error {
  constructor(reasons) {
    super(`the page was not kept: ${reasons.join(', ')}`);
    this.reasons = reasons;
  }
}

/**
 * A visit in a browser that keeps pages: `act(page)`, where `back(page)` comes before the kept one again. Chromium
 * names what of a page kept it from being kept; what has to do with itself only, such as a busy machine, is called
 * "masked" (HTML's NotRestoredReasons). For that alone the visit is made once more, by somebody who has never been here.
 */
export async function keeping(act) {
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
      const own = error instanceof NotKept && error.reasons.every((reason) => reason === 'masked');
      if (!own || visit === VISITS) throw error;
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
