import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { projectRoot } from '../../src/config.ts';

const read = (name: string) => readFileSync(join(projectRoot, 'src', 'operations', name), 'utf8');

interface AlertRule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
}

export function alertRules(): AlertRule[] {
  const { groups } = parse(read('alerts.yaml')) as { groups: { rules: AlertRule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

interface Panel {
  title: string;
  targets?: { expr: string }[];
}

export function dashboardPanels(): Panel[] {
  return (JSON.parse(read('dashboard.json')) as { panels: Panel[] }).panels;
}

/** Every expression of the alerts and the dashboard, with where it stands. */
export function expressions(): { place: string; expr: string }[] {
  return [
    ...alertRules().map(({ alert, expr }) => ({ place: `alert ${alert}`, expr })),
    ...dashboardPanels().flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ place: `panel ${title}`, expr })),
    ),
  ];
}

/** Names of the metrics in an expression, by Prometheus's own grammar. @throws Error where it cannot be parsed */
export function metricsOf(expr: string): string[] {
  const names = new Set<string>();
  parser.parse(expr).iterate({
    enter({ type, from, to }) {
      if (type.isError)
        throw new Error(`${expr} cannot be parsed at ${from}: ${expr.slice(from, from + 30)}`);
      // Below a selector it is the metric; elsewhere the same word would be a label.
      if (type.name === 'VectorSelector')
        names.add(/^[a-zA-Z_:][\w:]*/.exec(expr.slice(from, to))?.[0] ?? '');
    },
  });
  return [...names];
}

/** What Prometheus itself knows of each target. */
const ofPrometheus = ['up'];

/** The metrics of alerts and dashboard that begin so, as a scrape names their families. */
export function namedMetrics(start: RegExp): string[] {
  const all = expressions().flatMap(({ expr }) => metricsOf(expr));
  return [...new Set(all)].filter((name) => start.test(name) && !ofPrometheus.includes(name)).sort();
}

/** Names of all samples of a scrape. */
export function sampleNames(scrape: string): Set<string> {
  return new Set([...scrape.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{| )/gm)].map(([, name]) => name as string));
}
