import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

const longestStopMs = 2_000;

/** How a process of ours is traced. */
export interface Tracing {
  /** For its clients of Temporal. */
  client: WorkflowClientInterceptor[];
  /** For its workers, before what translates errors. */
  activity: ActivityInterceptorsFactory;
  /** Sends what has not been sent. */
  stop(): Promise<void>;
}

/**
 * Has calls of Temporal and activities traced, and sends the spans by OTLP over HTTP, to where OpenTelemetry's own variables
 * say. Loaded only when asked for. Workflow code is not traced: each of the hundreds of workflows that a worker keeps would
 * load OpenTelemetry into a memory of its own. Instead, all that is about one experiment lies in one trace, whose id follows
 * from the experiment's.
 */
export async function startTracing(service: string, version: string): Promise<Tracing> {
  const [otel, { OTLPTraceExporter }, { envDetectorSync, Resource }, sdk, temporal] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace-node'),
    import('@temporalio/interceptors-opentelemetry'),
  ]);
  const provider = new sdk.NodeTracerProvider({
    // What OpenTelemetry's variables say of it stays above.
    resource: new Resource({ 'service.name': service, 'service.version': version }).merge(
      new Resource(envDetectorSync.detect().attributes),
    ),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  const within = <T>(workflowId: string, run: () => T): T =>
    otel.context.with(otel.trace.setSpanContext(otel.context.active(), rootOf(workflowId)), run);
  return {
    client: [
      {
        start: (input, next) => within(input.options.workflowId, () => next(input)),
        signal: (input, next) => within(input.workflowExecution.workflowId ?? '', () => next(input)),
        signalWithStart: (input, next) => within(input.options.workflowId, () => next(input)),
      },
      new temporal.OpenTelemetryWorkflowClientInterceptor(),
    ],
    activity: (context) => {
      const workflowId = context.info.workflowExecution?.workflowId ?? '';
      const inbound = new temporal.OpenTelemetryActivityInboundInterceptor(context);
      const outbound = new temporal.OpenTelemetryActivityOutboundInterceptor(context);
      return {
        inbound: {
          execute: (input, next) => within(workflowId, () => inbound.execute(input, next)),
        },
        // Not its tags of metrics: a series for each trace.
        outbound: { getLogAttributes: (input, next) => outbound.getLogAttributes(input, next) },
      };
    },
    // Who takes traces may be away; nobody waits for that.
    stop: () =>
      Promise.race([provider.shutdown().catch(() => {}), delay(longestStopMs, undefined, { ref: false })]),
  };
}

/** The span that all of a workflow lies below; nobody sends it, and no two workflows share it. */
function rootOf(workflowId: string) {
  const digest = createHash('sha256').update(workflowId).digest('hex');
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48), traceFlags: 1, isRemote: true };
}
