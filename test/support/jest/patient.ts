import { jest } from '@jest/globals';

// Real servers on a busy machine take their time.
jest.setTimeout(120_000);
