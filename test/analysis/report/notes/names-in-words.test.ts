import { expect, test } from '@jest/globals';
import { namesInWords } from '../../../../src/analysis/report/notes/names-in-words.ts';

test.each([
  [['Kafka'], 'Kafka'],
  [['Kafka', 'NATS'], 'Kafka and NATS'],
  [['Kafka', 'NATS', 'Kinesis'], 'Kafka, NATS and Kinesis'],
  [['acks all, linger 5'], 'acks all, linger 5'],
  [['acks all, linger 5', 'NATS'], '“acks all, linger 5” and “NATS”'],
  [['fast and loose', 'NATS', 'x'], '“fast and loose”, “NATS” and “x”'],
])('names %j read as %s', (names, words) => {
  expect(namesInWords(names)).toBe(words);
});
