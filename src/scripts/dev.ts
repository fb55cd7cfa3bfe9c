import { findApi } from '../cli/api/api-address.ts';
import { ApiClient } from '../cli/api/api-client.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import { say } from '../cli/say.ts';
import { listenForInterrupts } from '../cli/stack/interrupt.ts';
import { readConfig } from '../config.ts';
import { servePage } from '../stack/page/serve-page.ts';
import { runScript } from './support/run-script.ts';

const firstPort = 5173;

/** `npm run dev`: the page from its sources, reloaded when they change, before the API of a stack that runs. */
await runScript(async () => {
  const api = findApi(readConfig());
  // Or every call of the page would fail, one by one.
  await new ApiClient(api).list('experiments', { limit: '1' });
  const page = await servePage(api.url, firstPort);
  say(`The page is at ${page.url}, before the API at ${api.url}. Ctrl-C ends it.`);
  const { first } = listenForInterrupts();
  await new Promise((resolve) => first.addEventListener('abort', resolve));
  await page.close();
  return exitCodes.interrupted;
});
