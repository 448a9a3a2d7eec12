import { formatIp, parseIp, parseIpBlock } from '../../src/policy/ip.ts';

test.each<[string, 4 | 6, bigint | null]>([
  ['0.0.0.0', 4, 0n],
  ['255.255.255.255', 4, 2n ** 32n - 1n],
  ['256.0.0.0', 4, null],
  ['1.2.3', 4, null],
  ['1.2.3.4.5', 4, null],
  ['01.2.3.4', 4, null],
  ['::', 6, 0n],
  ['::1', 6, 1n],
  ['1::', 6, 2n ** 112n],
  ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n],
  ['1:2:3:4:5:6:7', 6, null],
  ['1:2:3:4:5:6:7:8:9', 6, null],
  ['1:2:3:4:5:6:7::', 6, 0x00010002000300040005000600070000n],
  ['1:2:3:4:5:6:7:8::', 6, null],
  ['1::2::3', 6, null],
  ['1:2:3:4::5:6:7:8::9', 6, null],
  ['12345::', 6, null],
  ['g::', 6, null],
])('the address %s', (text, version, value) => {
  expect(parseIp(text)).toEqual(value === null ? null : { version, value });
});

test.each<[string, readonly [string, string] | null]>([
  ['10.1.2.3/8', ['10.0.0.0', '10.255.255.255']],
  ['10.1.2.3', ['10.1.2.3', '10.1.2.3']],
  ['10.1.2.3/32', ['10.1.2.3', '10.1.2.3']],
  ['10.1.2.3/0', ['0.0.0.0', '255.255.255.255']],
  ['10.1.2.3/33', null],
  ['10.1.2.3/', null],
  ['10.1.2.3/8/8', null],
  ['::1/128', ['0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:1']],
  ['::1/129', null],
])('the block %s', (text, range) => {
  const block = parseIpBlock(text);
  expect(block && [formatIp(block.version, block.first), formatIp(block.version, block.last)]).toEqual(range);
});
