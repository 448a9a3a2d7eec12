const HUNDRED = JSON.stringify(Array.from({ length: 100 }, (_, index) => `${index}`));

/** Loops in loops, each over a hundred values; `ballast` makes what they make larger. */
export const loops = (depth: number, ballast = ''): string =>
  depth === 0
    ? `{"T":{"Type":"AWS::SNS::Topic","Metadata":"${ballast}"}}`
    : `{"Fn::ForEach::L${depth}":["X${depth}",${HUNDRED},${loops(depth - 1, ballast)}]}`;
