/** TLS by a secret that both sides know, which takes no certificate. */
export const SECRET = Buffer.alloc(16, 'test');
export const PRESHARED = {
  ciphers: 'PSK-AES128-GCM-SHA256',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const;
