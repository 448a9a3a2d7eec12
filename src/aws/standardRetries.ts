// A file of its own, so that the code that runs at start does not load it and nothing else of its package is bundled.
export { StandardRetryStrategy } from '@smithy/core/retry';
