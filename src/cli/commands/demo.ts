import { join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { harmlessJson } from '../../analysis/report/harmless-text.ts';
import { reportMarkdown } from '../../analysis/report/report-markdown.ts';
import { type Config, demandKeysBeyondLoopback, projectRoot, readConfig } from '../../config.ts';
import { ensurePage } from '../../stack/page/build-page.ts';
import { ensureTools } from '../../stack/setup/ensure.ts';
import { findRunningStack, type RunningStack, startStack } from '../../stack/stack.ts';
import type { ApiAddress } from '../api/api-address.ts';
import { ApiClient, type WorkKind } from '../api/api-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { createProgressView } from '../progress/progress-view.ts';
import { watch } from '../progress/watch.ts';
import { print, say } from '../say.ts';
import { type LoadedSpec, loadSpecFile } from '../spec-file/load-file.ts';
import { type Interrupts, listenForInterrupts } from '../stack/interrupt.ts';
import { aborted, describeAddresses, windDown } from '../stack/own-stack.ts';
import { makeFolder, writeOut } from '../write-out.ts';

/** `comparator demo`: the stack, one comparison on it, its report, and nothing left behind. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('set up, run a comparison on the embedded stack, print and keep its report, stop everything')
    .option('--file <file>', 'an experiment or comparison, YAML or JSON', defaultFile)
    .option('--keep', 'keep serving until Ctrl-C')
    .action(async (options: { file: string; keep?: boolean }) => {
      const config = readConfig();
      demandKeysBeyondLoopback(config.api);
      const spec = loadSpecFile(resolve(options.file));
      await ensureTools(config, say);
      await ensurePage(say);
      const interrupts = listenForInterrupts();
      const own = await openStack(config, interrupts);
      const api = { url: own.url, key: config.api.keys[0] };
      let exitCode: number = exitCodes.failed;
      try {
        exitCode = await runDemo(api, spec, interrupts, own.stack !== null);
        if (options.keep && own.stack && !interrupts.first.aborted) {
          print(`\n${describeAddresses(own.stack.description)}\n\nCtrl-C stops it.\n`);
          await aborted(interrupts.first);
        }
      } finally {
        if (own.stack) await windDown(own.stack, config, interrupts);
      }
      process.exitCode = interrupts.first.aborted ? exitCodes.interrupted : exitCode;
    });
}

const defaultFile = join(projectRoot, 'examples', 'kafka-vs-kinesis.yaml');

/** A stack of our own, or the one that runs on this home already, which is then left running. */
async function openStack(
  config: Config,
  interrupts: Interrupts,
): Promise<{ url: string; stack: RunningStack | null }> {
  for (let told = false; !interrupts.first.aborted; await delay(300)) {
    const running = findRunningStack(config);
    if (!running) break;
    if (running.description) {
      say(`Using the stack that runs already at ${running.description.api.url}; it is left running.`);
      return { url: running.description.api.url, stack: null };
    }
    if (!told) say(`Waiting for the stack that starts or stops on ${config.home} …`);
    told = true;
  }
  say('Starting the stack …');
  const stack = await startStack(config, { report: say, signal: interrupts.first });
  return { url: stack.description.api.url, stack };
}

/** Returns the exit code. */
async function runDemo(
  api: ApiAddress,
  { kind: specKind, document }: LoadedSpec,
  interrupts: Interrupts,
  ownStack: boolean,
): Promise<number> {
  const kind = specKind === 'comparison' ? 'comparisons' : 'experiments';
  const client = new ApiClient(api);
  const { id } = await client.submit(kind, document);
  say(`Submitted ${id}.`);
  const detail = await watch(client, kind, id, {
    view: createProgressView(kind),
    signal: interrupts.first,
  });
  if (!detail) {
    if (!ownStack) await cancelOurs(client, kind, id, interrupts.second);
    return exitCodes.interrupted;
  }
  await keepReport(client, kind, id);
  return detail.outcome === 'completed' ? exitCodes.done : exitCodes.failed;
}

/** On a stack that is not ours we cancel what we submitted, and nothing else. */
async function cancelOurs(client: ApiClient, kind: WorkKind, id: string, signal: AbortSignal): Promise<void> {
  say(
    `Cancelling ${id} and waiting until its infrastructure is destroyed. Press Ctrl-C again to leave at once.`,
  );
  await client.cancel(kind, id);
  await watch(client, kind, id, { view: createProgressView(kind), signal });
}

/** Prints the report and leaves it under `reports/`. */
async function keepReport(client: ApiClient, kind: WorkKind, id: string): Promise<void> {
  const report = await client.report(kind, id);
  const markdown = reportMarkdown(report, client.url);
  print(`\n${markdown}`);
  const folder = join(projectRoot, 'reports');
  await makeFolder(folder);
  await writeOut(join(folder, `${id}.md`), markdown);
  await writeOut(join(folder, `${id}.json`), harmlessJson(report));
  const html = await client.reportHtml(kind, id).catch(() => null);
  if (html !== null) await writeOut(join(folder, `${id}.html`), html);
  say(
    `The report is in ${relative(process.cwd(), join(folder, id)) || id}.md and .json${html === null ? '' : ', and for a browser in .html'}`,
  );
}
