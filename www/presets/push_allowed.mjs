/** The browser's question about notifications, with a yes and without an answer. */

export const preset = 'push_allowed';

const html = '<button id="bell" onclick="Notification.requestPermission()">Benachrichtigen</button>';

export const hits = [
  { title: 'a yes', html, act: [['allow', 'notifications'], ['click', '#bell']], expect: [['push_allowed', 'confirmed']] },
];

export const misses = [
  { title: 'a question without a yes', html, act: [['click', '#bell']] },
];
