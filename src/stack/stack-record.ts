import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { processIdentitySchema } from '../contracts/storage/process.ts';
import { type StackDescription, stackFileName, stackSchema } from '../contracts/storage/stack.ts';
import { writeJsonAtomic, writeTextAtomic } from '../machine/atomic-file.ts';
import { processNames } from './processes/stack-process.ts';

const recordSchema = z.object({
  orchestrator: processIdentitySchema,
  parts: z.array(z.object({ name: z.enum(processNames), identity: processIdentitySchema })),
});
/** Who runs the stack and what it has started, so that the next start can end what a killed one left behind. */
export type StackRecord = z.infer<typeof recordSchema>;

const recordFile = (config: Config) => join(config.home, 'stack-processes.json');
const descriptionFile = (config: Config) => join(config.home, stackFileName);

/** The record of the last stack on this home, or null when it ended in good order. */
export function readRecord(config: Config): StackRecord | null {
  return read(recordFile(config), recordSchema);
}

export function writeRecord(config: Config, record: StackRecord): void {
  writeJsonAtomic(recordFile(config), record);
}

export function removeRecord(config: Config): void {
  rmSync(recordFile(config), { force: true });
}

/** `stack.json` as written by a stack that is ready, or null. */
export function readDescription(config: Config): StackDescription | null {
  return read(descriptionFile(config), stackSchema);
}

export function writeDescription(config: Config, description: StackDescription): void {
  // One line, for scripts; it holds the emulator's keys.
  writeTextAtomic(
    descriptionFile(config),
    `${JSON.stringify(description)}
`,
  );
}

export function removeDescription(config: Config): void {
  rmSync(descriptionFile(config), { force: true });
}

function read<T>(file: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
