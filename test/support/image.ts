import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser, type JSONInstruction, type PropertyInstruction } from 'dockerfile-ast';
import { projectRoot } from '../../src/config.ts';

/** What the Dockerfile makes of a target, with what it inherits from earlier stages. */
export interface Image {
  target: string;
  /** The image that it begins with, by its name. */
  from: string;
  environment: Record<string, string>;
  /** Of its process, and of its health check; empty where there is none. */
  command: string[];
  healthCheck: string[];
  user: string | null;
  volumes: string[];
  /** Instructions that copy, as they stand. */
  copies: { from: string | null; paths: string[]; to: string }[];
}

interface Stage extends Image {
  parent: string;
}

/** Every stage of the Dockerfile, by its name. */
export function readImages(): ReadonlyMap<string, Image> {
  const dockerfile = DockerfileParser.parse(readFileSync(join(projectRoot, 'Dockerfile'), 'utf8'));
  const stages = new Map<string, Stage>();
  let stage: Stage | null = null;
  const froms = dockerfile.getFROMs();
  for (const instruction of dockerfile.getInstructions()) {
    const keyword = instruction.getKeyword();
    const values = instruction.getArguments().map((argument) => argument.getValue());
    if (keyword === 'FROM') {
      const from = froms.find((one) => one.getRange().start.line === instruction.getRange().start.line);
      const parent = from?.getImage() ?? '';
      const target = from?.getBuildStage() ?? '';
      const inherited = stages.get(parent);
      stage = {
        parent,
        target,
        from: inherited?.from ?? parent,
        environment: { ...inherited?.environment },
        command: inherited?.command ?? [],
        healthCheck: inherited?.healthCheck ?? [],
        user: inherited?.user ?? null,
        volumes: [...(inherited?.volumes ?? [])],
        copies: [...(inherited?.copies ?? [])],
      };
      stages.set(target, stage);
    } else if (!stage) continue;
    else if (keyword === 'ENV') {
      for (const property of (instruction as PropertyInstruction).getProperties()) {
        stage.environment[property.getName()] = property.getValue() ?? '';
      }
    } else if (keyword === 'USER') stage.user = values[0] ?? null;
    else if (keyword === 'CMD') stage.command = jsonOf(instruction as JSONInstruction);
    else if (keyword === 'HEALTHCHECK') stage.healthCheck = healthCheckOf(instruction.toString());
    else if (keyword === 'VOLUME') {
      const json = jsonOf(instruction as JSONInstruction);
      stage.volumes.push(...(json.length > 0 ? json : values));
    } else if (keyword === 'COPY') {
      const paths = values.filter((value) => !value.startsWith('--'));
      const to = paths.pop() ?? '';
      const [, from = null] = /--from=(\S+)/.exec(instruction.toString()) ?? [];
      stage.copies.push({ from, paths, to });
    }
  }
  return stages;
}

/** One target of the Dockerfile. */
export function imageOf(target: string): Image {
  const image = readImages().get(target);
  if (!image) throw new Error(`the Dockerfile has no target ${target}`);
  return image;
}

function jsonOf(instruction: JSONInstruction): string[] {
  return instruction.getJSONStrings().map((one) => one.getJSONValue());
}

function healthCheckOf(text: string): string[] {
  const [, json = '[]'] = /\bCMD\s+(\[.*\])\s*$/s.exec(text) ?? [];
  return JSON.parse(json);
}
