import { expect, it } from '@jest/globals';
import { kafkaVersion } from '../../../../activities/home/placements/kafka-local.ts';

it('Kafka’s version is read from its jar', () => {
  expect(kafkaVersion(['kafka-clients-4.3.1.jar', 'kafka_2.13-4.3.1.jar'])).toBe('4.3.1');
  expect(kafkaVersion(['kafka-clients-4.3.1.jar'])).toBeNull();
});
