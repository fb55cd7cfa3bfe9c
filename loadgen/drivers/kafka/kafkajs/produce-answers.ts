import { createRequire } from 'node:module';

/** The broker's answer to a produce request, as kafkajs decodes it. */
interface ProduceAnswer {
  topics: { partitions: { partition: number; errorCode: number }[] }[];
}

interface AnswerParser {
  parse(answer: ProduceAnswer): Promise<ProduceAnswer>;
}

const answerOf = new WeakMap<object, ProduceAnswer>();
let kept = false;

/** Versions of Produce that kafkajs speaks. */
const versions = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * Has kafkajs keep the answer from which it made an error. The broker answers for each partition of a request, and kafkajs
 * throws the first error among those answers, without saying of which partition; without the rest nobody could tell what
 * was refused from what was taken. Sending each partition's batch in a request of its own would tell, and cost most of
 * what sending them together gains.
 */
export function keepProduceAnswers(): void {
  if (kept) return;
  kept = true;
  const require = createRequire(import.meta.url);
  for (const version of versions) {
    const parser = require(`kafkajs/src/protocol/requests/produce/v${version}/response.js`) as AnswerParser;
    parser.parse = keeping(parser.parse);
  }
}

function keeping(parse: AnswerParser['parse']): AnswerParser['parse'] {
  return async (answer) => {
    try {
      return await parse(answer);
    } catch (error) {
      answerOf.set(error as object, answer);
      throw error;
    }
  };
}

/** The broker's error codes by partition, of the answer from which kafkajs made this error; null if it is not known. */
export function partitionCodesOf(error: Error): Map<number, number> | null {
  const answer = answerOf.get(error);
  if (!answer) return null;
  const partitions = answer.topics.flatMap((topic) => topic.partitions);
  return new Map(partitions.map(({ partition, errorCode }) => [partition, errorCode]));
}
