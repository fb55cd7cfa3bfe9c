import { describe, expect, it } from '@jest/globals';
import { comparisonRecordSchema, experimentRecordSchema } from '../../../src/contracts/documents/api.ts';
import { resultSchema } from '../../../src/contracts/documents/result.ts';
import { asStored, validPart } from '../../../src/contracts/documents/stored.ts';
import {
  acceptedExperimentSchema,
  type ExperimentSpec,
  experimentSchema,
} from '../../../src/contracts/input/experiment.ts';
import {
  comparisonRecord,
  comparisonSpec,
  experimentRecord,
  experimentSpec,
  result,
} from '../../support/documents.ts';

const spec = experimentSpec();
const { payload, ...workload } = spec.workload;

/** Specs that some other release may have accepted, and what is read of them. */
const specs: [string, object, object][] = [
  ['the present release', spec, spec],
  ['a field that is gone', { ...spec, owner: 'ann' }, { ...spec, owner: 'ann' }],
  [
    'a field of the workload that is gone, and without one that came later',
    { ...spec, workload: { ...workload, acks: 'all' } },
    { ...spec, workload: { ...workload, payload, acks: 'all' } },
  ],
  ['a setting that is gone', { ...spec, settings: { ofOld: 1 } }, { ...spec, settings: { ofOld: 1 } }],
  [
    'a value beyond what is taken now, and without a field that came later',
    { ...spec, workload: { ...workload, producers: 1_000 } },
    { ...spec, workload: { ...workload, payload, producers: 1_000 } },
  ],
  [
    'a shape of load and a technology that are gone',
    { ...spec, technology: 'carrier-pigeon', workload: { ...workload, load: { shape: 'burst' } } },
    { ...spec, technology: 'carrier-pigeon', workload: { ...workload, load: { shape: 'burst' } } },
  ],
  [
    'a requirement on a metric that is gone',
    { ...spec, requirements: [{ metric: 'of.old', atMost: 1 }] },
    { ...spec, requirements: [{ metric: 'of.old', atMost: 1 }] },
  ],
];

describe('a stored document with', () => {
  it.each(specs)('%s is read as it is', (_, stored, read) => {
    const given = { spec: stored as ExperimentSpec };
    expect(experimentRecordSchema.parse({ ...experimentRecord(), ...given }).spec).toEqual(read);
    expect(resultSchema.parse({ ...result(), ...given }).spec).toEqual(read);
  });

  it.each(specs.slice(1))('%s is not accepted', (_, stored) => {
    expect(experimentSchema.safeParse(stored).success).toBe(false);
  });

  it('variants of another release is read as it is', () => {
    const variants = [{ ...comparisonSpec().variants[0], ofOld: 1 }];
    const stored = { ...comparisonSpec(), variants, ofOld: 1 };
    expect(comparisonRecordSchema.parse({ ...comparisonRecord(), spec: stored }).spec).toEqual(stored);
  });
});

it('does not change what it reads', () => {
  const stored = { ...spec, ofOld: 1 };
  asStored(acceptedExperimentSchema).parse(stored);
  expect(stored).toEqual({ ...spec, ofOld: 1 });
});

it('the valid part is what can be used, or nothing', () => {
  expect(validPart(acceptedExperimentSchema, { ...spec, ofOld: 1 })).toEqual(spec);
  expect(validPart(acceptedExperimentSchema, { ...spec, name: 1 })).toBeNull();
  expect(validPart(acceptedExperimentSchema, null)).toBeNull();
});
