/** A video of the page's own, watched, dragged and in the background. The players in frames have tests of their own. */

export const preset = 'video_watched';

const pages = { '/film.webm': { file: 'www/media/pour.webm' } };
const marks = [25, 50, 75, 95].map((percent) => ['video_watched', 'confirmed', { trigger: { percent, measure: 'watched' } }]);
const play = ['script', 'const film = document.querySelector("video"); film.playbackRate = 3; film.play(); new Promise((resolve) => film.addEventListener("ended", resolve, { once: true }))'];

export const hits = [
  { title: 'watched to its end', html: '<video src="/film.webm" muted controls preload="auto" width="320"></video>', pages, act: [play], expect: marks },
  { title: 'put into the page when it is clicked (deferred-media of Dawn)', html: '<deferred-media><button id="open" onclick="this.parentNode.innerHTML = \'<video src=/film.webm muted controls width=320></video>\'">▶</button></deferred-media>', pages, act: [['click', '#open'], play], expect: marks },
];

export const misses = [
  { title: 'dragged to its end', html: '<video src="/film.webm" muted controls preload="auto" width="320"></video>', pages, act: [['script', 'const film = document.querySelector("video"); new Promise((resolve) => { film.addEventListener("seeked", resolve, { once: true }); const go = () => { film.currentTime = film.duration - 0.01; }; film.readyState > 1 ? go() : film.addEventListener("canplay", go, { once: true }); })']] },
  { title: 'a loop in the background', html: '<video src="/film.webm" autoplay muted loop playsinline width="320"></video>', pages, act: [['script', 'const film = document.querySelector("video"); film.playbackRate = 4; new Promise((resolve) => { let last = 0; film.addEventListener("timeupdate", () => { if (film.currentTime < last) resolve(); last = film.currentTime; }); })']] },
  { title: 'a frame nobody plays', html: '<iframe src="https://www.youtube.com/embed/x?enablejsapi=1" width="320" height="180"></iframe>' },
];
