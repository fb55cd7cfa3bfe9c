/** Phases of an experiment, in their order. Workflows load this, so there is no schema in it. */
export const phases = [
  'queued',
  'provisioning',
  'warming-up',
  'measuring',
  'draining',
  'uploading',
  'kept',
  'destroying',
  'needs-operator',
  'closed',
] as const;

/** While the load generators have a session open. */
export const loadPhases: readonly (typeof phases)[number][] = ['warming-up', 'measuring', 'draining'];
