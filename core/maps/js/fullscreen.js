/* A button that gives the maps and their controls the whole screen, and takes it back, as Escape does. */

const FULL = 'maps-full';
const SIGN = 'M3 9V3h6M21 9V3h-6M3 15v6h6M21 15v6h-6';

function leave() {
  document.body.classList.remove(FULL);
  if (document.fullscreenElement) document.exitFullscreen();
}

function toggle() {
  if (document.body.classList.contains(FULL)) { leave(); return; }
  document.body.classList.add(FULL);
  document.documentElement.requestFullscreen?.().catch(() => {}); // then it is the whole window
}

/* Put the button into `place`, unless it is there; gives what takes its listeners away. */
export function offerFullScreen(place, theme) {
  let button = place.querySelector('.maps-full-button');
  if (!button) {
    button = document.createElement('button');
    button.className = 'maps-full-button';
    button.type = 'button';
    button.title = 'Full screen';
    button.setAttribute('aria-label', 'Full screen');
    button.innerHTML = `<svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor"
      stroke-width="2" aria-hidden="true"><path d="${SIGN}"/></svg>`;
    place.append(button);
  }
  Object.assign(button.style, {
    display: 'grid', placeItems: 'center', width: '40px', height: '40px', color: theme.text, cursor: 'pointer',
    background: theme.background, border: `1px solid ${theme.border}`, borderRadius: '6px', padding: 0,
  });
  button.onclick = toggle;
  const followScreen = () => { if (!document.fullscreenElement) document.body.classList.remove(FULL); };
  const onKey = event => { if (event.key === 'Escape') leave(); };
  document.addEventListener('fullscreenchange', followScreen);
  document.addEventListener('keydown', onKey);
  return () => {
    document.removeEventListener('fullscreenchange', followScreen);
    document.removeEventListener('keydown', onKey);
  };
}
