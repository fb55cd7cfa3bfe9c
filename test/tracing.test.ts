import { expect, test } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { startTracing } from '../src/tracing.ts';
import { startSpanCollector } from './e2e/support/span-collector.ts';
import { freePort } from './support/free-port.ts';

test('spans come with the name of their service, which OpenTelemetry’s own variables may change', async () => {
  const collector = await startSpanCollector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment=test';
  const tracing = await startTracing('comparator-api', '1.2.3');
  trace.getTracer('a test').startSpan('looked at').end();
  await tracing.stop();
  expect(collector.spans()).toEqual([
    { name: 'looked at', service: 'comparator-api', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) },
  ]);
  for (const part of ['"1.2.3"', '"deployment.environment"']) expect(collector.everything()).toContain(part);
  await collector.close();
  trace.disable();
});

test('where nobody takes them, a process stops all the same', async () => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${await freePort()}`;
  const tracing = await startTracing('comparator-api', '1.2.3');
  trace.getTracer('a test').startSpan('lost').end();
  const began = performance.now();
  await tracing.stop();
  expect(performance.now() - began).toBeLessThan(5_000);
});
