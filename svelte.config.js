import adapter from '@sveltejs/adapter-node';

const development = process.argv.includes('--dev');

/** Plain options, no `kit` key: web/vite.config.ts hands them to the SvelteKit plugin (a svelte.config.js in the Vite root fails the build). */
export default {
	adapter: adapter({ out: 'build' }),
	csrf: { trustedOrigins: [] },
	csp: {
		mode: 'nonce',
		directives: {
			'default-src': ['none'],
			// Image decoders are WebAssembly; no other eval.
			'script-src': ['self', 'wasm-unsafe-eval'],
			'script-src-attr': ['none'],
			'style-src': ['self'],
			// Attributes only: places and sizes that the server draws (bits of a chart, a column, a menu) and the editor's own.
			'style-src-attr': ['unsafe-inline'],
			'img-src': ['self', 'data:', 'blob:'],
			'font-src': ['self'],
			'connect-src': ['self'],
			'worker-src': ['self'],
			'manifest-src': ['self'],
			'object-src': ['none'],
			'base-uri': ['none'],
			'form-action': ['self'],
			'frame-ancestors': ['none'],
			// Text becomes markup or code only through these: Svelte's own templates, what the editor parses of a paste before its
			// schema takes it, and `default`, which knows the address of the image decoder and no markup at all (hooks.client.ts).
			...(development ? {} : { 'require-trusted-types-for': ['script'], 'trusted-types': ['svelte-trusted-html', 'ProseMirrorClipboard', 'default'] }),
			'report-uri': ['/api/csp'],
			'report-to': ['csp']
		}
	}
};
