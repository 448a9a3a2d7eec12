import './builtinRequire.ts';

/** Loaded only where there is a template to read: the YAML parser is as large as the rest of the hook. */
export { readSource } from '../../iac/source/readSource.ts';
