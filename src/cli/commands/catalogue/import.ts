import { Argument, type Command } from 'commander';
import { stringify } from 'yaml';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { importOmb } from '../../omb/import-omb.ts';
import { print, printJson, say } from '../../say.ts';
import { writeOut } from '../../write-out.ts';

/** `comparator import omb WORKLOAD DRIVER`: an experiment from OpenMessaging Benchmark's files. */
export function registerImport(program: Command): void {
  program
    .command('import')
    .description(
      "make an experiment of OpenMessaging Benchmark's workload and driver files; says what of them it leaves out",
    )
    .addArgument(new Argument('<format>').choices(['omb']))
    .argument('<workload>', 'such as workloads/1-topic-16-partitions-1kb.yaml')
    .argument('<driver>', 'such as driver-kafka/kafka-throughput.yaml')
    .option('--out <file>', 'write it there instead of printing it')
    .option('--json', 'print JSON: {document, left, errors}')
    .action(
      async (
        _format: string,
        workload: string,
        driver: string,
        { out, json }: { out?: string; json?: boolean },
      ) => {
        if (json && out !== undefined) {
          throw new CliError(
            '--json prints a document, --out writes an experiment: leave out one of them.',
            exitCodes.wrongUse,
          );
        }
        const imported = importOmb(workload, driver);
        const { document, left, errors } = imported;
        process.exitCode = errors.length > 0 ? exitCodes.wrongUse : exitCodes.done;
        if (json) {
          printJson(imported);
          return;
        }
        const yaml = stringify(document);
        if (out) await writeOut(out, yaml, { isNew: true });
        else print(yaml.trimEnd());
        for (const { field, value, reason } of left) say(`Left out: ${field} (${value}): ${reason}.`);
        for (const { pointer, detail } of errors) say(`Not yet valid: ${pointer}: ${detail}`);
        if (out) say(`${out} is written; comparator validate ${out} says what it takes.`);
      },
    );
}
