import { createRequire } from 'node:module';

/**
 * Imported for its effect, before the YAML parser: that is CommonJS and asks for Node's own modules by `require`, which an
 * ECMAScript module, as the bundle is one, does not have.
 */
globalThis.require ??= createRequire(process.execPath);
