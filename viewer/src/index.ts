/** The door of the viewer: the only workspace that knows Cornerstone. Load it by dynamic import; it is large. */
export { forgetPictures, StackView, type ViewEvent, type ViewState, type StackViewOptions } from './viewport.ts';
export { dicomWeb, displaySetOf, ownWindows, type DicomWeb, type DisplaySet, type Frame, type SeriesEntry } from './dicomweb.ts';
export { FetchProblem } from './fetch.ts';
export { chooseBackend, type Backend } from './render.ts';
