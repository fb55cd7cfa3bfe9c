import { expect, test } from '@jest/globals';
import { failureCause, failureCauseLine } from '../../../src/analysis/report/failure-cause.ts';

const kafka = {
  message: 'terraform apply failed with exit code 1: local-exec provisioner error',
  diagnostics: [
    {
      severity: 'error' as const,
      summary: 'local-exec provisioner error',
      address: 'module.brokers.terraform_data.process["broker-1"]',
      detail: [
        "Error running command 'node launcher.ts start': exit status 1. Output: broker-1 ended. Its log ends with:",
        '[2026-11-26 15:00:00,000] ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)',
        'org.apache.kafka.common.config.ConfigException: Invalid value lots for configuration message.max.bytes: Not a number of type INT',
        '\tat org.apache.kafka.common.config.ConfigDef.parseType(ConfigDef.java:756)',
        '\t... 3 more',
        '',
      ].join('\n'),
    },
  ],
};

test('the lines in which a program says why it could not start, without its stack', () => {
  expect(failureCause(kafka)).toEqual([
    "Error running command 'node launcher.ts start': exit status 1. Output: broker-1 ended. Its log ends with:",
    '[2026-11-26 15:00:00,000] ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)',
    'org.apache.kafka.common.config.ConfigException: Invalid value lots for configuration message.max.bytes: Not a number of type INT',
  ]);
  expect(failureCauseLine(kafka)).toMatch(/Invalid value lots for configuration message\.max\.bytes/);
});

test('nothing where the message says it all', () => {
  const failure = { message: 'the broker went away', diagnostics: [] };
  expect([failureCause(failure), failureCauseLine(failure)]).toEqual([[], null]);
  const repeated = {
    severity: 'error' as const,
    summary: 's',
    address: null,
    detail: 'the broker went away',
  };
  expect(failureCause({ ...failure, diagnostics: [repeated] })).toEqual([]);
});
