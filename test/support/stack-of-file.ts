import { afterAll, beforeAll } from '@jest/globals';
import { startTestStack, type TestStack } from './stack.ts';

/** A stack for the tests of a file, or of the block that calls this: started before the first, ended after the last. */
export function stackOfFile(use: (stack: TestStack) => void): void {
  let stack: TestStack | null = null;
  beforeAll(async () => {
    stack = await startTestStack();
    use(stack);
  }, 120_000);
  afterAll(async () => {
    await stack?.end();
  }, 60_000);
}
