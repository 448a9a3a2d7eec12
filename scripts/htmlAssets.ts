import type { Plugin } from 'esbuild';
import * as assets from '../src/report/html/assets.ts';

/** Puts the script and the style of the HTML report into a bundle, which lies where their files are not. */
export const htmlAssets: Plugin = {
  name: 'html-assets',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]report[\\/]html[\\/]assets\.ts$/ }, () => ({
      contents: Object.entries(assets)
        .map(([name, text]) => `export const ${name} = ${JSON.stringify(text)};`)
        .join('\n'),
    }));
  },
};
