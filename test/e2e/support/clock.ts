/** Variables that let a process begin at a time of the test's own, and its clock go on from there. */
export function startingAt(time: Date): Readonly<Record<string, string>> {
  const clock = `
    const System = Date;
    const ahead = ${time.getTime()} - System.now();
    globalThis.Date = class extends System {
      constructor(...given) { given.length === 0 ? super(System.now() + ahead) : super(...given); }
      static now() { return System.now() + ahead; }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(clock)}` };
}
