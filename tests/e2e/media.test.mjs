/** Video: that it plays, how much of it was watched, and that dragging the slider to its end watches nothing. */

import assert from 'node:assert/strict';
import { finish, names, open, scenario } from './support/browser.mjs';

const percent = [25, 50, 75, 100];
const config = {
  pageViews: false,
  conversions: {
    played: { on: 'media', match: '#film' },
    watched: { on: 'media', match: '#film', percent, measure: 'watched' },
    came_to: { on: 'media', match: '#film', percent, measure: 'position' },
  },
};
const setting = {
  config,
  body: '<video id=film src="/film.webm" muted preload=auto width=320></video> <button id=play onclick="film.play()">play</button>',
  routes: { '/film.webm': { file: 'www/media/pour.webm' } },
};

/** Percentages that a rule has reported. */
const reached = (events, name) => events.filter((event) => event.name === name).map(({ trigger }) => trigger.percent);

scenario('watched to its end', setting, async (s) => {
  await open(s);
  const { page } = s;
  await page.evaluate(() => { film.playbackRate = 3; });
  await page.focus('#play');
  await page.keyboard.press('Enter');
  await page.evaluate(() => new Promise((resolve) => film.addEventListener('ended', resolve, { once: true })));
  const events = await finish(s);
  assert.deepEqual(reached(events, 'played'), [undefined]);
  assert.deepEqual(reached(events, 'watched'), percent);
  assert.deepEqual(reached(events, 'came_to'), percent);
  const [first] = events;
  assert.equal(first.name, 'played');
  assert.equal(first.trigger.muted, true);
  const seconds = await page.evaluate(() => film.duration);
  assert.ok(Math.abs(first.trigger.seconds - seconds) <= 1, `${first.trigger.seconds} of ${seconds} s`);
});

scenario('dragged to its end', setting, async (s) => {
  await open(s);
  const { page } = s;
  await page.waitForFunction(() => film.readyState >= 2);
  await page.evaluate(async () => {
    const seeked = () => new Promise((resolve) => film.addEventListener('seeked', resolve, { once: true }));
    // Paused, then while it plays.
    film.currentTime = film.duration - 0.05;
    await seeked();
    film.currentTime = 0;
    await seeked();
    await film.play();
    film.currentTime = film.duration - 0.05;
    await new Promise((resolve) => film.addEventListener('ended', resolve, { once: true }));
  });
  const events = await finish(s);
  assert.deepEqual(reached(events, 'played'), [undefined]);
  assert.deepEqual(reached(events, 'watched'), []);
  assert.deepEqual(reached(events, 'came_to'), percent);
});

scenario('the same half watched twice is a half', setting, async (s) => {
  await open(s);
  await s.page.waitForFunction(() => film.readyState >= 2);
  await s.page.evaluate(async () => {
    const next = (type) => new Promise((resolve) => film.addEventListener(type, resolve, { once: true }));
    film.playbackRate = 3;
    for (let round = 0; round < 2; round += 1) {
      await film.play();
      while (film.currentTime < film.duration * 0.55) await next('timeupdate');
      film.pause();
      await next('pause');
      film.currentTime = 0;
      await next('seeked');
    }
  });
  const events = await finish(s);
  const half = reached(events, 'watched');
  assert.deepEqual(half.slice(0, 2), [25, 50]);
  assert.ok(!half.includes(100), names(events).join());
});
