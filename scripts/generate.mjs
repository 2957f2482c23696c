/** `npm run generate`: writes what is made from the tables in Rust (schema and types of the config) anew. */

import { main, run } from './steps.mjs';

await main(() => run('cargo', ['test', '--locked', '-p', 'footstep', '--all-features', '--test', 'native', 'catalog'], { env: { UPDATE: '1' }, show: true }));
