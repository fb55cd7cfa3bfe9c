import { CliError } from '../cli-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { kafkaDriver } from './kafka-driver.ts';
import { Fields, type MappedDriver } from './mapping.ts';

/**
 * The technology and settings of an OpenMessaging Benchmark driver file.
 * @param partitions as its workload asks for
 * @throws CliError for a technology that cannot be compared here
 */
export function mapDriver(fields: Record<string, unknown>, partitions: number): MappedDriver {
  const given = new Fields(fields, 'driver.');
  const name = given.takeText('name');
  const driverClass = String(given.take('driverClass') ?? '');
  const mapped = byClass(driverClass, given, partitions);
  given.leaveRest('has no counterpart');
  return { name, ...mapped, left: [...given.left, ...mapped.left] };
}

function byClass(driverClass: string, given: Fields, partitions: number): Omit<MappedDriver, 'name'> {
  if (/\.kafka\.KafkaBenchmarkDriver$/.test(driverClass)) return kafkaDriver(given, partitions);
  if (/\.nats\.|\.jetstream\./i.test(driverClass)) {
    for (const url of ['natsHostUrl', 'streamUrl']) {
      const value = given.take(url);
      if (value !== undefined) given.leave(url, value, 'servers are started for each experiment');
    }
    const replicas = given.takeNumber('replicationFactor') ?? given.takeNumber('replicas');
    return {
      technology: 'nats',
      settings: { subjects: partitions, ...(replicas ? { replicas } : {}) },
      left: [],
    };
  }
  throw new CliError(
    `The driver ${JSON.stringify(driverClass.slice(0, 100))} is of a technology that cannot be compared here. ` +
      'comparator technologies lists those that can: take a driver file of Kafka or NATS.',
    exitCodes.wrongUse,
  );
}
