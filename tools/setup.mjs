// The first hop of `npm start` and `npm test`. Plain JavaScript that Node 20 parses: it brings the packages (and with them a newer Node),
// builds what has changed, and hands over. A second start finds nothing to do and takes seconds.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foreground } from './foreground.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { flags, mallocArenas, compileCache } = JSON.parse(readFileSync(new URL('server-start.json', import.meta.url), 'utf8'));
const bin = join(root, 'node_modules/.bin');
const lockStamp = join(root, 'node_modules/.cache/tongping/lock');
const buildStamp = join(root, 'web/build/.tongping-stamp');
const startedAt = Date.now();

const seconds = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
const say = (text) => console.log(`\x1b[36m同屏\x1b[0m ${text}`);
const stop = (text) => {
	console.error(`\x1b[36m同屏\x1b[0m ${text}`);
	process.exit(1);
};
const digest = (text) => createHash('sha256').update(text).digest('hex');
const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const write = (path, text) => {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
};

/** TypeScript runs unflagged from Node 22.18; an older Node is replaced by the one that comes with the packages. */
function modernNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
	const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
	const own = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	if (!existsSync(own))
		stop(`需要 Node 22.18 以上;这台机器是 ${process.version},也没有随包的 Node。 Node 22.18 or newer is needed, this is ${process.version}.`);
	return own;
}

/** What npm noted of its last complete installation, compared with what the lockfile asks for. */
function installed() {
	const wanted = read(join(root, 'package-lock.json'));
	if (read(lockStamp) === digest(wanted)) return true;
	const found = read(join(root, 'node_modules/.package-lock.json'));
	if (found === '') return false;
	const present = JSON.parse(found).packages;
	const complete = Object.entries(JSON.parse(wanted).packages).every(
		([path, entry]) => !path.startsWith('node_modules/') || entry.optional === true || present[path]?.version === entry.version
	);
	if (complete) write(lockStamp, digest(wanted));
	return complete;
}

function install() {
	if (installed()) return;
	say('安装依赖，第一次约一分钟… Installing packages, about a minute the first time');
	// npm empties node_modules while it works, so it must not run on the Node that lives there.
	const path = (process.env.PATH ?? '')
		.split(delimiter)
		.filter((part) => !part.includes('node_modules'))
		.join(delimiter);
	const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
	const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: root,
		stdio: ['ignore', 'inherit', 'inherit'],
		env: { ...process.env, PATH: path },
		shell: process.platform === 'win32'
	});
	if (done.status !== 0)
		stop('依赖没有装全，见上面 npm 的说明;网络通后再运行一次即可。 The packages are not complete: npm says why above; run the same command again.');
	write(lockStamp, digest(read(join(root, 'package-lock.json'))));
	say(`依赖已就绪 packages ready (${seconds()})`);
}

const SKIPPED = new Set(['node_modules', 'build', '.svelte-kit', 'test-results', 'bench']);
function* sources(folder) {
	for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) {
			if (!SKIPPED.has(entry.name)) yield* sources(path);
		} else if (!entry.name.endsWith('.test.ts')) yield path;
	}
}

function sourcesDigest() {
	const hash = createHash('sha256').update(read(join(root, 'package-lock.json')) + read(join(root, 'svelte.config.js')));
	for (const workspace of ['domain', 'sync-server', 'viewer', 'web']) {
		for (const path of sources(join(root, workspace))) hash.update(path.slice(root.length)).update(readFileSync(path));
	}
	return hash.digest('hex');
}

function build() {
	const wanted = sourcesDigest();
	if (existsSync(join(root, 'web/build/handler.js')) && read(buildStamp) === wanted) return;
	say('构建页面… Building the pages');
	const done = spawnSync(modernNode(), [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'], {
		cwd: join(root, 'web'),
		stdio: ['ignore', 'inherit', 'inherit'],
		env: environment()
	});
	if (done.status !== 0) stop('页面没有构建成，原因见上。 The pages could not be built; the reason stands above.');
	write(buildStamp, wanted);
	say(`页面已就绪 pages ready (${seconds()})`);
}

function environment() {
	return {
		MALLOC_ARENA_MAX: mallocArenas,
		NODE_COMPILE_CACHE: join(root, compileCache),
		...process.env,
		PATH: `${dirname(modernNode())}${delimiter}${bin}${delimiter}${process.env.PATH ?? ''}`
	};
}

const run = (script, args, flags = []) => foreground(modernNode(), [...flags, join(root, script), ...args], { cwd: root, env: environment() });

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
/** Browser, fonts, the second opinions on DICOM and PDF, and the witness of what reaches the disk. */
function systemPackages() {
	const missing = [];
	if (!has('chromium')) missing.push('chromium');
	if (!existsSync('/usr/share/fonts/opentype/noto')) missing.push('fonts-noto-cjk');
	if (!has('dcmdump')) missing.push('dcmtk');
	if (!has('pdftotext')) missing.push('poppler-utils');
	if (!has('strace')) missing.push('strace');
	if (missing.length === 0) return;
	if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
		stop(
			`测试还需要 ${missing.join('、')}。请先安装，例如:sudo apt-get install ${missing.join(' ')}。 The tests also need ${missing.join(', ')}: please install them first.`
		);
	}
	say(`安装 ${missing.join(' ')}… Installing ${missing.join(', ')} with apt-get`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
	if (!apt('update') || !apt('install', '-y', '--no-install-recommends', ...missing))
		stop(`apt-get 没有装上 ${missing.join(' ')},原因见上。 apt-get could not install them; the reason stands above.`);
}

const [task, ...rest] = process.argv.slice(2);
if (task === 'start') {
	install();
	build();
	process.exitCode = await run('web/main.ts', rest, flags);
} else if (task === 'test') {
	install();
	systemPackages();
	build();
	process.exitCode = await run('tools/check.mjs', ['--browser', ...rest]);
} else {
	stop('用法 usage: node tools/setup.mjs start | test');
}
