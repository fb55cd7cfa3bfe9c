import type { Phase } from '../../contracts/documents/progress.ts';

/** In the order in which an experiment goes through them. */
export const shownPhases: readonly Phase[] = [
  'queued',
  'provisioning',
  'warming-up',
  'measuring',
  'draining',
  'uploading',
  'destroying',
  'needs-operator',
  'closed',
];

/** Those with a load that has an end. */
export const loadPhaseNames: ReadonlySet<Phase> = new Set(['warming-up', 'measuring', 'draining']);
