import { expect, test } from '@jest/globals';
import { type Draft, withValue } from '../../src/web/create/draft/draft.ts';
import { unknownPart } from '../../src/web/create/draft/unknown-parts.ts';

const kafka = { name: 'Kafka', technology: 'kafka', target: 'local', settings: { partitons: 4, acks: 1 } };
const draft: Draft = {
  name: 'mine',
  workload: { load: { shape: 'constant', rate: 5 }, typo: 1 },
  requirements: [],
  variants: [{ ...kafka, setings: {}, sweep: { aks: [0, 1] } } as never],
  repetitions: 1,
  others: { description: { a: 1 } },
};
const fields = [
  'at/name',
  'at/workload/load/shape',
  'at/variants/0/name',
  'at/variants/0/settings/acks',
  'at/variants/0/settings/serverProperties',
];

test.each([
  ['/variants/0/settings/partitons', ['variants', '0', 'settings', 'partitons']],
  ['/variants/0/sweep/aks', ['variants', '0', 'sweep', 'aks']],
  ['/variants/0/setings', ['variants', '0', 'setings']],
  ['/setings', ['variants', 0, 'setings']],
  ['/sweep', ['variants', 0, 'sweep']],
  ['/workload/typo', ['workload', 'typo']],
  ['/workload/load/rate', ['workload', 'load', 'rate']],
  ['/description', ['others', 'description']],
  ['/description/a', ['others', 'description']],
])('what stands at %s has no field, and can be taken away at %j', (pointer, path) => {
  expect(unknownPart(pointer, draft, fields)).toEqual(path);
  expect(unknownPart(pointer, withValue(draft, path, undefined), fields)).toBeNull();
});

test.each([
  [''],
  ['/name'],
  ['/variants'],
  ['/variants/0'],
  ['/variants/0/settings/acks'],
  ['/variants/0/settings/serverProperties/a'],
  ['/workload/load'],
  ['/variants/0/settings/bucket'],
  ['/seed'],
])('what is wrong at %j has a field, or is not there', (pointer) => {
  expect(unknownPart(pointer, draft, fields)).toBeNull();
});
