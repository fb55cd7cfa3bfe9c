import { expect, test } from '@jest/globals';
import type { JsonSchema } from '../../src/analysis/report/reference.ts';
import { dashesOf, seriesColors } from '../../src/web/charts/line-looks.ts';
import { hasEnded } from '../../src/web/comparison/states-of-runs.ts';
import { withoutDefaults } from '../../src/web/create/draft/without-defaults.ts';
import { numberIn } from '../../src/web/report/number-in.ts';

test('no two of many lines look alike, without their colours either for the first of them', () => {
  const look = (index: number) => `${index % seriesColors} ${dashesOf(index)}`;
  const many = Array.from({ length: 40 }, (_, index) => index);
  expect(new Set(many.map(look)).size).toBe(many.length);
  expect(new Set(many.slice(0, 7).map((index) => String(dashesOf(index)))).size).toBe(7);
});

test.each([
  ['waiting', false],
  ['running', false],
  ['needs-operator', false],
  ['completed', true],
  ['failed', true],
  ['cancelled', true],
] as const)('that a run has ended which is %s: %p', (state, expected) => {
  expect(hasEnded(state)).toBe(expected);
});

test('what differs is sorted by number', () => {
  const texts = ['10×', '9×', '1.5× to 2×', '+1,200 ms', '-3', '−4'];
  expect(texts.map(numberIn)).toEqual([10, 9, 1.5, 1_200, -3, -4]);
  expect(numberIn('–')).toBeNaN();
});

test('what is the default anyway counts as not chosen in a copy', () => {
  const schema = {
    properties: {
      workload: {
        properties: {
          durationSeconds: { default: 60 },
          messageSizeBytes: { default: 1_024 },
          keys: { default: { distribution: 'none' } },
          load: {
            oneOf: [
              { properties: { shape: { const: 'constant' }, messagesPerSecond: {} } },
              { properties: { shape: { const: 'ladder' }, probeSeconds: { default: 10 } } },
            ],
          },
        },
      },
    },
  } as unknown as JsonSchema;
  const technologies = [
    {
      id: 'kafka',
      settingsSchema: { properties: { acks: { default: 'all' }, partitions: { default: 4 } } },
    },
  ];
  const variant = { name: 'one', technology: 'kafka', target: 'local' };
  const copied = withoutDefaults(
    {
      name: 'copy',
      workload: {
        load: { shape: 'ladder', probeSeconds: 10, ratesMessagesPerSecond: [1] },
        durationSeconds: 60,
        messageSizeBytes: 100,
        keys: { distribution: 'none' },
      },
      requirements: [],
      variants: [
        { ...variant, settings: { acks: 'all', partitions: 8 } },
        { ...variant, technology: 'unknown', settings: { acks: 'all' } },
      ],
      repetitions: 1,
    },
    schema,
    technologies,
  );
  expect(copied.workload).toEqual({
    load: { shape: 'ladder', ratesMessagesPerSecond: [1] },
    messageSizeBytes: 100,
  });
  expect(copied.variants.map(({ settings }) => settings)).toEqual([{ partitions: 8 }, { acks: 'all' }]);
});
