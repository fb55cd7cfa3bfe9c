import type { Command } from 'commander';
import { type Field, type Topic, topics } from '../../../analysis/report/reference.ts';
import { CliError } from '../../cli-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { print, printJson } from '../../say.ts';

/** `comparator explain [PATH]`: the fields of files, settings and metrics, from the schemas that check them. */
export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description(
      'explain what a file can say: workload fields, settings, metrics; needs no running comparator',
    )
    .argument('[path]', 'a topic, or a field of it such as workload.load; all topics without')
    .option('--json', 'print JSON')
    .action((path: string | undefined, { json }: { json?: boolean }) => {
      const all = topics();
      if (path === undefined) {
        const items = all.map(({ name, title }) => ({ name, title }));
        if (json) printJson({ items });
        else
          print(
            [
              'comparator explain TOPIC',
              ...items.map(({ name, title }) => `  ${name.padEnd(12)}${title}`),
            ].join('\n'),
          );
        return;
      }
      const found = find(all, path);
      if (json) printJson(found);
      else print(`${found.title}\n${fieldList(found.fields)}`);
    });
}

/** A topic, with only the fields at and below the rest of the path. */
function find(all: readonly Topic[], path: string): Topic {
  const [name, ...rest] = path.split('.');
  const topic = all.find((one) => one.name === name);
  if (!topic) {
    const known = all.map((one) => one.name).join(', ');
    throw new CliError(`There is no topic ${JSON.stringify(name)}; there are: ${known}`, exitCodes.wrongUse);
  }
  const field = rest.join('.');
  const wanted = asWritten(field);
  const fields = topic.fields.filter(
    (one) => wanted === '' || asWritten(one.path) === wanted || asWritten(one.path).startsWith(`${wanted}.`),
  );
  if (fields.length > 0) return { ...topic, fields };
  throw new CliError(
    `${name} has no field ${JSON.stringify(field)}; comparator explain ${name} lists what it has.`,
    exitCodes.wrongUse,
  );
}

/** A path without what stands beside the names of its fields: `load.shape: steps`, `variants[].name`. */
function asWritten(path: string): string {
  return path.replace(/: .*$/, '').replace(/\[\d*\]/g, '');
}

/** Descriptions are sentences: they are wrapped also where the output is no terminal. */
const widthWithoutTerminal = 80;

/** Fields with what each may be, its default and its description, wrapped to the terminal. */
export function fieldList(fields: readonly Field[]): string {
  return fields
    .flatMap(({ path, allowed, defaultText, description }) => [
      `  ${path}${defaultText === null ? '' : `  [${defaultText}]`}`,
      ...paragraph([allowed, description].filter(Boolean).join('. '), '      '),
    ])
    .join('\n');
}

/** Lines of whole words as wide as the terminal, each behind an indent. */
export function paragraph(text: string, indent: string): string[] {
  const width = (process.stdout.isTTY && process.stdout.columns) || widthWithoutTerminal;
  return wrap(text, width - indent.length).map((line) => `${indent}${line}`);
}

/** Lines of whole words; a word that is longer than a line has one of its own. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
