import { isIP } from 'node:net';
import { homedir, hostname, networkInterfaces } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { OutsideSettings } from '@tongping/domain/kernel/server';

/** What the operator said, checked. Every refusal is a sentence with its mend. */
export interface Settings {
	readonly host: string;
	readonly port: number;
	readonly dataDir: string;
	/** the address people type; empty = whatever loopback name they used */
	readonly origin: string | null;
	readonly tls: { readonly cert: string; readonly key: string } | null;
	readonly demo: boolean;
	/** lets a scraper read /metrics without an account */
	readonly metricsToken: string | null;
	/** milliseconds until a session locks at a shared and at an own PC; only for journeys in a demo hospital */
	readonly testIdle: { readonly ward: number; readonly office: number } | null;
	/** where the audit head goes each minute, so that nobody with this machine can change the past unseen */
	readonly outside: OutsideSettings;
}

export class BadSetting extends Error {}

const loopback = (host: string): boolean => host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

export function readSettings(env: Readonly<Record<string, string | undefined>>, root: string): Settings {
	const host = env['HOST'] || '127.0.0.1';
	const port = /^\d{1,5}$/u.test(env['PORT'] || '3000') ? Number(env['PORT'] || '3000') : Number.NaN;
	if (!(port <= 65_535))
		throw new BadSetting(`PORT=${env['PORT']} is not a port number. Give one between 1 and 65535. / PORT 必须是 1 到 65535 之间的端口号。`);
	const folder = env['TONGPING_DATA'] || '.data';
	const dataDir = folder.startsWith('~/') ? join(homedir(), folder.slice(2)) : isAbsolute(folder) ? folder : resolve(root, folder);
	const cert = env['TONGPING_TLS_CERT'];
	const key = env['TONGPING_TLS_KEY'];
	if (Boolean(cert) !== Boolean(key))
		throw new BadSetting('TONGPING_TLS_CERT and TONGPING_TLS_KEY belong together: set both, or neither. / 证书和私钥须同时设置。');
	const tls = cert && key ? { cert, key } : null;
	const origin = env['TONGPING_ORIGIN'] ? originOf(env['TONGPING_ORIGIN']) : null;
	if (!loopback(host) && tls === null && !origin?.startsWith('https://')) {
		throw new BadSetting(
			`HOST=${host} would send patients' data unencrypted over the network. Set TONGPING_TLS_CERT and TONGPING_TLS_KEY, or put a TLS proxy in front and declare it with TONGPING_ORIGIN=https://... / 监听非本机地址须启用 TLS。`
		);
	}
	const demo = (env['TONGPING_DEMO'] || 'on').toLowerCase();
	if (demo !== 'on' && demo !== 'off') throw new BadSetting(`TONGPING_DEMO=${env['TONGPING_DEMO']} is neither on nor off. / TONGPING_DEMO 只能是 on 或 off。`);
	const metricsToken = env['TONGPING_METRICS_TOKEN'] || null;
	if (metricsToken !== null && !/^[\x21-\x7e]{24,200}$/u.test(metricsToken))
		throw new BadSetting(
			'TONGPING_METRICS_TOKEN is too easy to guess or cannot stand in a header. Give 24 to 200 letters and digits, for instance from `openssl rand -hex 24`. / TONGPING_METRICS_TOKEN 须为 24 到 200 个字母或数字。'
		);
	return { host, port, dataDir, origin, tls, demo: demo === 'on', metricsToken, testIdle: testIdleOf(env, demo === 'on'), outside: outsideOf(env) };
}

function testIdleOf(env: Readonly<Record<string, string | undefined>>, demo: boolean): Settings['testIdle'] {
	const given = env['TONGPING_TEST_IDLE'];
	if (!given) return null;
	if (!demo)
		throw new BadSetting(
			'TONGPING_TEST_IDLE changes when screens lock and is for tests of the demo hospital only. Remove it. / TONGPING_TEST_IDLE 只用于演示医院的测试，请删除。'
		);
	const [, ward, office] = /^(\d{1,4}),(\d{1,4})$/u.exec(given) ?? [];
	if (!Number(ward) || !Number(office))
		throw new BadSetting(`TONGPING_TEST_IDLE=${given} is not two numbers of seconds such as 4,12. / TONGPING_TEST_IDLE 须是两个秒数，如 4,12。`);
	return { ward: Number(ward) * 1000, office: Number(office) * 1000 };
}

function outsideOf(env: Readonly<Record<string, string | undefined>>): OutsideSettings {
	const dir = env['TONGPING_ANCHOR_DIR'] || null;
	if (dir !== null && !isAbsolute(dir))
		throw new BadSetting(`TONGPING_ANCHOR_DIR=${dir} must be a whole path, best a mount of another machine. / TONGPING_ANCHOR_DIR 须是绝对路径。`);
	const authority = env['TONGPING_TSA_URL'] || null;
	if (authority !== null && !/^https?:$/u.test(URL.parse(authority)?.protocol ?? ''))
		throw new BadSetting(`TONGPING_TSA_URL=${authority} is not an address of a time-stamp authority. / TONGPING_TSA_URL 须是时间戳服务的完整地址。`);
	return { dir, authority };
}

function originOf(text: string): string {
	try {
		const url = new URL(text);
		if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new BadSetting('');
		return url.origin;
	} catch {
		throw new BadSetting(`TONGPING_ORIGIN=${text} is not an address such as https://ward.example.org. / TONGPING_ORIGIN 须是完整地址。`);
	}
}

/** Where every address of the machine is listened on, it answers to all of them. */
function machineNames(): readonly string[] {
	const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
	return [hostname(), ...addresses.map(({ address }) => address).filter((address) => !address.startsWith('fe80:'))];
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '::1'] as const;
const everywhere = (host: string): boolean => host === '0.0.0.0' || host === '::';
const inAddress = (name: string): string => (name.includes(':') ? `[${name}]` : name);

/** Names under which a browser may reach this server: its own, those of its certificate, the one declared. Anything else in Host is DNS rebinding. */
export function allowedOrigins({ host, port, origin, tls }: Settings, actualPort: number, certified: readonly string[] = []): ReadonlySet<string> {
	const scheme = tls ? 'https' : 'http';
	const names = [host, ...(loopback(host) || everywhere(host) ? LOOPBACK_NAMES : []), ...(everywhere(host) ? machineNames() : []), ...certified];
	const origins = new Set<string>();
	for (const name of names) {
		const address = URL.parse(`${scheme}://${inAddress(name)}:${port || actualPort}`);
		if (address !== null) origins.add(address.origin);
	}
	if (origin) origins.add(origin);
	return origins;
}

/** The address to print: what people type where it is declared or certified, otherwise one under which this machine answers. */
export function address({ host, origin, tls }: Settings, actualPort: number, certified: readonly string[] = []): string {
	if (origin !== null) return origin;
	const name = certified[0] ?? (everywhere(host) ? '127.0.0.1' : host);
	return `${tls ? 'https' : 'http'}://${inAddress(name)}:${actualPort}`;
}
