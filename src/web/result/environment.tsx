import { formatCount, formatMs, formatNumber } from '../../analysis/report/format.ts';
import type { Calibration } from '../../contracts/documents/load-parts.ts';
import type { Result } from '../../contracts/documents/result.ts';

/** On what, with what and of what load it was measured. */
export function Environment({ result }: { result: Result }) {
  const { environment, spec, technology, loadGenerator } = result;
  const { host, product, clients, terraform, node } = environment;
  const facts: [string, string | null][] = [
    ['Product', product ? named(product) : technology],
    ['Machine', host && `${host.cpuCount} × ${host.cpuModel}, ${formatNumber(host.memoryBytes / 1e9)} GB`],
    ['Kernel', host?.kernel ?? null],
    ['Calibration', host?.calibration ? calibrationText(host.calibration) : null],
    ['Producer', clients && [named(clients.producer), ...clients.producer.adds].join('; ')],
    ['Consumer', clients && [named(clients.consumer), ...clients.consumer.adds].join('; ')],
    ['Load generator', node && `Node ${node}${generatorText(loadGenerator)}`],
    ['By partition', result.measurement?.perPartition?.map(formatCount).join(', ') || null],
    ['Terraform', terraform?.version ?? null],
  ];
  return (
    <section className="card stack" aria-labelledby="environment">
      <h2 id="environment">Environment</h2>
      <dl className="facts plain">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <details>
        <summary>The whole experiment, with every default</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <pre tabIndex={0}>{JSON.stringify(spec, null, 2)}</pre>
      </details>
    </section>
  );
}

function named({ name, version }: { name: string; version: string | null }): string {
  return version ? `${name} ${version}` : name;
}

function calibrationText(calibration: Calibration): string {
  const { loopMillionsPerSecond, hashMegabytesPerSecond, copyMegabytesPerSecond, fsyncP50Ms } = calibration;
  return [
    `a loop ${formatNumber(loopMillionsPerSecond)} million times a second`,
    `hashes ${formatNumber(hashMegabytesPerSecond)} MB/s`,
    `copies ${formatNumber(copyMegabytesPerSecond)} MB/s`,
    ...(fsyncP50Ms == null ? [] : [`4 KiB on the disk in ${formatMs(fsyncP50Ms)} ms`]),
  ].join('; ');
}

function generatorText(usage: Result['loadGenerator']): string {
  if (!usage || usage.cpuUtilization === null) return '';
  const late = usage.ownLateSendP99Ms ?? null;
  const lateText =
    late === null
      ? ''
      : `; sent late by itself p50 ${formatMs(usage.ownLateSendP50Ms)}, p99 ${formatMs(late)} ms`;
  return `, ${formatNumber(usage.cpuUtilization * 100)}% of its processors${lateText}`;
}
