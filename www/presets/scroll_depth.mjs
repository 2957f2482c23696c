/** Reading down a long page, and staying at its top. */

export const preset = 'scroll_depth';

const html = '<article style="height:6000px;margin:-8px">long</article>';
const marks = [25, 50, 75, 90].map((percent) => ['scroll_depth', 'confirmed', { trigger: { percent } }]);

export const hits = [
  { title: 'to the end, mark by mark', html, act: [['wheel', 1200], ['outcomes', 1], ['wheel', 2600], ['outcomes', 2], ['wheel', 5400]], expect: marks },
  { title: 'back up and down again counts nothing twice', html, act: [['wheel', 5400], ['outcomes', 4], ['wheel', 0], ['wheel', 5400]], expect: marks },
];

export const misses = [
  { title: 'at the top', html, act: [['wheel', 200]] },
];
