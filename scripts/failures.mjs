/**
 * A reporter for node's test runner that says only what failed, and why: `npm test` prints it once more at its end,
 * where it is found without reading back through a thousand lines.
 */

import { relative } from 'node:path';
import { ROOT } from './steps.mjs';

/** Lines of an error that are shown; the whole stands where the test ran. */
const LINES = 12;

export default async function* failures(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:fail') continue;
    const { name, file, line, details: { error, duration_ms: took } } = data;
    const { message, stack } = error.cause ?? error;
    const reason = String(stack?.includes(message) ? stack : message ?? error).split('\n').slice(0, LINES);
    yield `${relative(ROOT, file ?? '')}:${line}: ${name} (${Math.round(took)} ms)\n${reason.map((text) => `    ${text}\n`).join('')}`;
  }
}
