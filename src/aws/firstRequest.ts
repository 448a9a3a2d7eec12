// What is loaded with the first request, in one file: the code that runs at start does without.
export { StandardRetryStrategy } from '@smithy/core/retry';
export { httpAgent, httpsAgent } from './connections.ts';
