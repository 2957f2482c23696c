/** Pages that the browser keeps for going back (bfcache): who drives one usually switches that off. */

import { chromium } from 'playwright-core';
import * as tools from '../../../scripts/tools.mjs';

/** A visit in a browser that keeps pages: `act(page)`, where `back(page)` comes before the kept one again. */
export async function keeping(act) {
  const { browser: executablePath } = await tools.chromium();
  const keeper = await chromium.launch({ executablePath, args: ['--headless=new', '--no-sandbox', '--disable-gpu'], ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  try {
    const page = await keeper.newPage();
    await page.addInitScript(() => {
      addEventListener('pageshow', ({ persisted }) => { window.shown = persisted ? 'again' : 'anew'; });
      addEventListener('pagehide', () => { window.shown = undefined; });
    });
    return await act(page);
  } finally {
    await keeper.close();
  }
}

/** Back to the page before, which must have been kept; if not, the browser says why (the page is told "masked" at times). */
export async function back(page) {
  const session = await page.context().newCDPSession(page);
  const said = new Promise((resolve) => { session.once('Page.backForwardCacheNotUsed', resolve); });
  await session.send('Page.enable');
  await page.goBack({ waitUntil: 'commit' });
  const shown = await (await page.waitForFunction(() => window.shown)).jsonValue();
  if (shown === 'again') return session.detach();
  const { notRestoredExplanations } = await said;
  const reasons = notRestoredExplanations.map(({ type, reason, context }) => `${reason} (${type}${context ? `: ${context}` : ''})`);
  throw new Error(`the page was not kept: ${reasons.join(', ')}`);
}
