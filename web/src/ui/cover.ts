/** Under a cover nothing that happens on it closes what is open beneath: what somebody has typed there is still to come. */
const keep = (event: Event): void => {
	if (document.querySelector('dialog.cover') !== null) event.preventDefault();
};
/** For the content of a dialog: a press on the cover is one beside the dialog. */
export const staysUnderCover = { onInteractOutside: keep, onFocusOutside: keep, onEscapeKeydown: keep };
