import { getRenderingCapabilities } from '@cornerstonejs/core';

export type Backend = 'gpu' | 'cpu';

/** A graphics card draws with WebGL; without one, plain canvas is about twice as fast as WebGL in software. */
export const chooseBackend = (capabilities: { readonly webgl: boolean; readonly softwareRasterizer: boolean }): Backend =>
	capabilities.webgl && !capabilities.softwareRasterizer ? 'gpu' : 'cpu';

export const detectBackend = (): Backend => chooseBackend(getRenderingCapabilities());
