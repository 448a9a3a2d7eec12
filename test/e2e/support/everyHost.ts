/**
 * Preloaded (`node --import`) where AWS's own host names are to end at this machine: TLS to whatever host goes to the port
 * in EVERY_HOST_PORT.
 */
import tls, { type ConnectionOptions } from 'node:tls';
import { PRESHARED, SECRET } from './presharedTls.ts';

const connect = tls.connect as (options: ConnectionOptions) => tls.TLSSocket;

tls.connect = ((options: ConnectionOptions) =>
  connect({
    ...options,
    ...PRESHARED,
    host: '127.0.0.1',
    port: Number(process.env.EVERY_HOST_PORT),
    pskCallback: () => ({ psk: SECRET, identity: 'test' }),
    checkServerIdentity: () => undefined,
  })) as typeof tls.connect;
