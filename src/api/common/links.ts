import type { ComparisonLinks, ExperimentLinks } from '../../contracts/documents/api.ts';

/** Where people see workflows in a browser; null when not known. */
export interface TemporalUi {
  url: string | null;
  namespace: string;
}

/** Links of an experiment, relative to the API's own address; null where there is nothing yet. */
export function experimentLinks(
  id: string,
  {
    hasResult = false,
    hasTimeseries = false,
    hasLog = false,
    comparisonId = null,
  }: { hasResult?: boolean; hasTimeseries?: boolean; hasLog?: boolean; comparisonId?: string | null },
  ui: TemporalUi,
): ExperimentLinks {
  const self = `/api/experiments/${encodeURIComponent(id)}`;
  return {
    self,
    result: hasResult ? `${self}/result` : null,
    timeseries: hasTimeseries ? `${self}/timeseries` : null,
    log: hasLog ? `${self}/log` : null,
    events: `${self}/events`,
    temporal: temporalLink(id, ui),
    comparison: comparisonId === null ? null : `/api/comparisons/${encodeURIComponent(comparisonId)}`,
  };
}

/** Links of a comparison. */
export function comparisonLinks(id: string, ui: TemporalUi): ComparisonLinks {
  const self = `/api/comparisons/${encodeURIComponent(id)}`;
  return { self, report: `${self}/report`, events: `${self}/events`, temporal: temporalLink(id, ui) };
}

function temporalLink(id: string, { url, namespace }: TemporalUi): string | null {
  if (url === null) return null;
  const base = url.replace(/\/+$/, '');
  return `${base}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(id)}`;
}
