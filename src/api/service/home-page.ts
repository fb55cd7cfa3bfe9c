import type { TemporalUi } from '../common/links.ts';
import { page } from './page.ts';

const forPrograms = [
  ['/api/experiments', 'Experiments'],
  ['/api/comparisons', 'Comparisons'],
  ['/api/technologies', 'Technologies and their settings'],
  ['/api/queue', 'Queue'],
  ['/openapi.json', 'OpenAPI document'],
  ['/readyz', 'Readiness'],
  ['/metrics', 'Metrics, as text for Prometheus'],
] as const;

/** What is shown where the web page was not built: what this is, and where to go from here. */
export function homePage({ url }: TemporalUi): string {
  const forPeople: [string, string][] = [['/docs', 'The API, to read and to try out']];
  if (url !== null) forPeople.push([url, 'Temporal Web UI: what every experiment does, step by step']);
  return page(
    'Data Engineering Comparator',
    `<h1>Data Engineering Comparator</h1>
<p>Runs streaming technologies under your load and reports which of them meet your requirements.
This service is up, but its web page was not built: <code>npm start</code> builds it. Experiments are started and watched with <code>npx comparator run FILE</code>; a report of them is
printed at the end, and again by <code>npx comparator report ID</code>.</p>
<h2>To look at</h2>
${list(forPeople)}
<h2>For programs, as JSON</h2>
${list(forPrograms)}`,
  );
}

function list(links: readonly (readonly [string, string])[]): string {
  return `<ul>\n${links.map(([href, label]) => `<li><a href="${href}">${label}</a></li>`).join('\n')}\n</ul>`;
}
