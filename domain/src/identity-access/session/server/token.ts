import { randomBytes } from 'node:crypto';
import { sha256 } from '@oslojs/crypto/sha2';
import { encodeBase32LowerCaseNoPadding, encodeHexLowerCase } from '@oslojs/encoding';

/** 160 random bits. Only its SHA-256 is ever stored (the Lucia guide's session pattern). */
export const newToken = (): string => encodeBase32LowerCaseNoPadding(randomBytes(20));
export const hashToken = (token: string): string => encodeHexLowerCase(sha256(new TextEncoder().encode(token)));
