import { expect, it } from 'vitest';
import { allowedOrigins, BadSetting, readSettings } from './settings.ts';

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
