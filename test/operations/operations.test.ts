import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { registerClientCommands } from '../../src/cli/commands/client.ts';
import { projectRoot } from '../../src/config.ts';
import { testApi } from '../api/support/test-api.ts';
import { experimentRecord, progress } from '../support/documents.ts';
import {
  alertRules,
  dashboardPanels,
  expressions,
  metricsOf,
  namedMetrics,
  sampleNames,
} from './named-metrics.ts';

const pages = join(projectRoot, 'src', 'operations');
const read = (name: string) => readFileSync(join(pages, name), 'utf8');
/** As GitHub makes anchors of headings. */
const anchors = (page: string) =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    (title as string)
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );

test('the parser tells a metric from a label, and a fault from both', () => {
  expect(metricsOf('max by (phase) (a_b{phase="c"}) / rate(d_total[5m]) > 1 or absent(e)')).toEqual([
    'a_b',
    'd_total',
    'e',
  ]);
  expect(() => metricsOf('max by (a) (b')).toThrow('cannot be parsed');
});

test('every expression of alerts and dashboard is PromQL, and is of a metric of ours or of Temporal', () => {
  expect(expressions().length).toBeGreaterThan(40);
  for (const { place, expr } of expressions()) {
    expect([place, metricsOf(expr)]).toEqual([
      place,
      expect.arrayContaining([expect.stringMatching(/^(comparator|temporal|process)_|^up$/)]),
    ]);
  }
});

test('every alert has a section of its own in the runbook, and no section is of an alert that there is not', () => {
  const runbook = read('RUNBOOK.md');
  const known = anchors(runbook);
  const rules = alertRules();
  for (const { alert, annotations } of rules) {
    expect(annotations.runbook_url).toBe(`RUNBOOK.md#${alert.toLowerCase()}`);
    expect(known).toContain(alert.toLowerCase());
  }
  const sections = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(rules.map(({ alert }) => alert));
});

test('every link of the pages leads somewhere', () => {
  for (const page of ['README.md', 'RUNBOOK.md', 'SCALE.md', 'THREATS.md']) {
    for (const [, file, anchor] of read(page).matchAll(/\]\(([\w./-]*)(?:#([\w-]+))?\)/g)) {
      const target = file ? readFileSync(join(pages, file), 'utf8') : read(page);
      if (anchor) expect([page, anchors(target)]).toEqual([page, expect.arrayContaining([anchor])]);
    }
  }
});

test('every alert is paged for or has a ticket, and every panel has a title of its own', () => {
  for (const { alert, labels, annotations, ...rest } of alertRules()) {
    expect([alert, Object.keys(labels), Object.keys(annotations)]).toEqual([
      alert,
      ['severity'],
      ['summary', 'runbook_url'],
    ]);
    expect(['page', 'ticket']).toContain(labels.severity);
    expect([alert, Object.keys(rest).filter((field) => !['expr', 'for'].includes(field))]).toEqual([
      alert,
      [],
    ]);
    expect([alert, rest.for ?? '1m']).toEqual([alert, expect.stringMatching(/^\d+[mh]$/)]);
  }
  const titles = dashboardPanels().map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

test('what alerts and dashboard name of the API is in a scrape of it', async () => {
  const { get, gateway, records } = testApi();
  await records.saveExperiment(experimentRecord({ id: 'exp-0002' }));
  gateway.add('exp-0001', { phase: 'measuring' }).progress = progress();
  await get('/api/experiments');
  const scraped = sampleNames(await (await get('/metrics')).text());
  const ofApi = namedMetrics(/^comparator_/).filter((name) => !name.startsWith('comparator_terraform'));
  expect(ofApi.length).toBeGreaterThan(12);
  expect(ofApi.filter((name) => !scraped.has(name))).toEqual([]);
});

test('every command of the runbook is one, with its options', () => {
  const program = new Command();
  registerClientCommands(program);
  const named = [
    ...read('RUNBOOK.md').matchAll(/`(?:npx comparator )?([a-z][a-z-]+)((?: [A-Z]+| --[a-z-]+| [a-z-]+)*)`/g),
  ]
    .map(([, name, rest]) => ({ name, options: rest?.match(/--[a-z-]+/g) ?? [] }))
    .filter(({ name }) => program.commands.some((command) => command.name() === name));
  expect(named.length).toBeGreaterThan(6);
  for (const { name, options } of named) {
    const known = program.commands
      .find((command) => command.name() === name)
      ?.options.map(({ long }) => long);
    expect([name, known]).toEqual([name, expect.arrayContaining(options)]);
  }
  const all = [...read('RUNBOOK.md').matchAll(/npx comparator ([a-z-]+)/g)].map(([, name]) => name);
  const commands = program.commands.map((command) => command.name());
  expect(all.filter((name) => !commands.includes(name as string))).toEqual([]);
});
