import adapter from '@sveltejs/adapter-node';

/** Plain options, no `kit` key: web/vite.config.ts hands them to the SvelteKit plugin (a svelte.config.js in the Vite root fails the build). */
export default {
	adapter: adapter({ out: 'build' }),
	csrf: { trustedOrigins: [] },
	csp: {
		mode: 'nonce',
		directives: {
			'default-src': ['self'],
			// Image decoders are WebAssembly; no other eval.
			'script-src': ['self', 'wasm-unsafe-eval'],
			'style-src': ['self', 'unsafe-inline'],
			'img-src': ['self', 'data:', 'blob:'],
			'font-src': ['self', 'data:'],
			'connect-src': ['self', 'blob:'],
			'worker-src': ['self', 'blob:'],
			'object-src': ['none'],
			'base-uri': ['none'],
			'form-action': ['self'],
			'frame-ancestors': ['none']
		}
	}
};
