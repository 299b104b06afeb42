import { expect, it } from 'vitest';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { address, allowedOrigins, BadSetting, readSettings } from './settings.ts';
import { readTls } from './tls.ts';

const settings = (env: Record<string, string>) => readSettings(env, '/srv');

it('serves loopback from a folder of its own by default', () => {
	expect(settings({})).toEqual({
		host: '127.0.0.1',
		port: 3000,
		dataDir: '/srv/.data',
		origin: null,
		tls: null,
		demo: true,
		metricsToken: null,
		testIdle: null,
		outside: { dir: null, authority: null }
	});
});

it.each([
	[{ HOST: '0.0.0.0' }, /unencrypted/],
	[{ HOST: '192.168.1.5', TONGPING_ORIGIN: 'http://ward.example.org' }, /unencrypted/],
	[{ PORT: 'abc' }, /PORT=abc/],
	[{ PORT: '70000' }, /PORT=70000/],
	[{ PORT: '-1' }, /PORT=-1/],
	[{ PORT: '0x50' }, /PORT=0x50/],
	[{ PORT: '1e3' }, /PORT=1e3/],
	[{ TONGPING_TLS_CERT: '/a.pem' }, /belong together/],
	[{ TONGPING_ORIGIN: 'ward' }, /TONGPING_ORIGIN=ward/],
	[{ TONGPING_DEMO: 'maybe' }, /neither on nor off/],
	[{ TONGPING_TEST_IDLE: '4,12', TONGPING_DEMO: 'off' }, /demo hospital only/],
	[{ TONGPING_TEST_IDLE: '4' }, /two numbers/],
	[{ TONGPING_TEST_IDLE: '0,12' }, /two numbers/],
	[{ TONGPING_ANCHOR_DIR: 'mount' }, /whole path/],
	[{ TONGPING_TSA_URL: 'tsa.example.org' }, /time-stamp authority/],
	[{ TONGPING_METRICS_TOKEN: 'short' }, /too easy to guess/],
	[{ TONGPING_METRICS_TOKEN: '24 characters with blanks' }, /cannot stand in a header/]
])('refuses %o with a sentence', (env, sentence) => {
	expect(() => settings(env as Record<string, string>)).toThrow(BadSetting);
	expect(() => settings(env as Record<string, string>)).toThrow(sentence);
});

it('listens beyond loopback behind TLS or a declared TLS proxy', () => {
	expect(settings({ HOST: '0.0.0.0', TONGPING_ORIGIN: 'https://ward.example.org' }).host).toBe('0.0.0.0');
	expect(settings({ HOST: '0.0.0.0', TONGPING_TLS_CERT: '/c', TONGPING_TLS_KEY: '/k' }).tls).toEqual({ cert: '/c', key: '/k' });
});

it('knows its own names and no others', () => {
	const origins = allowedOrigins(settings({ PORT: '3000' }), 3000);
	expect([...origins]).toEqual(expect.arrayContaining(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000']));
	for (const foreign of ['http://127.0.0.1:3001', 'https://127.0.0.1:3000', 'http://evil.example', 'null', 'http://localhost.evil.example:3000'])
		expect(origins.has(foreign)).toBe(false);
});

it('answers under an IPv6 loopback as under any other', () => {
	const own = settings({ HOST: '::1' });
	expect([...allowedOrigins(own, 3000)]).toEqual(expect.arrayContaining(['http://[::1]:3000', 'http://localhost:3000']));
	expect(address(own, 3000)).toBe('http://[::1]:3000');
});

it('listening everywhere it answers to the addresses of the machine and the names of its certificate, and prints one that opens', () => {
	const own = settings({ HOST: '0.0.0.0', TONGPING_TLS_CERT: '/c', TONGPING_TLS_KEY: '/k' });
	const origins = allowedOrigins(own, 3000, ['ward.example.org']);
	expect([...origins]).toEqual(expect.arrayContaining(['https://ward.example.org:3000', 'https://localhost:3000', 'https://127.0.0.1:3000']));
	for (const { address: name, family } of Object.values(networkInterfaces()).flatMap((each) => each ?? []))
		if (family === 'IPv4') expect(origins.has(`https://${name}:3000`)).toBe(true);
	expect(origins.has('https://evil.example:3000')).toBe(false);
	expect(origins.has('http://ward.example.org:3000')).toBe(false);
	expect(address(own, 3000, ['ward.example.org'])).toBe('https://ward.example.org:3000');
	expect(origins.has(address(own, 3000))).toBe(true);
});

it('tries certificate and key before it serves with them', () => {
	const folder = mkdtempSync(join(tmpdir(), 'tls-'));
	const at = (name: string): string => join(folder, name);
	const make = (name: string): void => {
		const subject = ['-subj', '/CN=common.example', '-addext', 'subjectAltName=DNS:ward.example.org,DNS:*.example.org,IP:192.0.2.7'];
		execFileSync(
			'openssl',
			['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', at(`${name}.key`), '-out', at(`${name}.pem`), ...subject],
			{
				stdio: 'ignore'
			}
		);
	};
	try {
		make('one');
		make('two');
		writeFileSync(at('words.pem'), 'no certificate');
		expect(readTls({ cert: at('one.pem'), key: at('one.key') }).names).toEqual(['ward.example.org', '192.0.2.7']);
		const sentences = [
			[{ cert: at('none.pem'), key: at('one.key') }, /TONGPING_TLS_CERT=.* cannot be read \(ENOENT\)/u],
			[{ cert: at('one.pem'), key: folder }, /TONGPING_TLS_KEY=.* cannot be read \(EISDIR\)/u],
			[{ cert: at('words.pem'), key: at('one.key') }, /cannot be used together/u],
			[{ cert: at('one.pem'), key: at('words.pem') }, /cannot be used together/u],
			[{ cert: at('one.pem'), key: at('two.key') }, /cannot be used together/u]
		] as const;
		for (const [files, sentence] of sentences) {
			expect(() => readTls(files)).toThrow(BadSetting);
			expect(() => readTls(files)).toThrow(sentence);
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
