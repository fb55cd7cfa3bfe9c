/** `stack-program.ts <checkout>`: the whole embedded stack of a checkout, on the home that the environment names, until SIGTERM. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const partOf = (file: string) => import(pathToFileURL(join(process.argv[2] ?? '', 'src', file)).href);

const { readConfig } = await partOf('config.ts');
const { ensureTools } = await partOf('stack/setup/ensure.ts');
const { startStack } = await partOf('stack/stack.ts');
const config = readConfig();
await ensureTools(config, console.error);
const stack = await startStack(config, { report: console.error });
process.once('SIGTERM', async () => {
  await stack.stop();
  process.exit(0);
});
