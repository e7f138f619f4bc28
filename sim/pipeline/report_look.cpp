// SPDX-License-Identifier: Apache-2.0
// How the page looks and the little that it does. No third-party style or script.
#include "report_sections.h"

namespace hearth::report_sections {

std::string style_sheet() {
  return R"css(
:root { color-scheme: light dark;
  --paper:#fcfbf8; --sheet:#ffffff; --ink:#22262b; --soft:#5c6670; --line:#dcdcd4; --lane:#eceae3;
  --good:#1d7a46; --bad:#b3341f; --open:#8a6200; --good-bg:#e5f4ea; --bad-bg:#fbe9e5; --open-bg:#fbf2dc;
  --left:#2f7fd6; --right:#d9731a; --contact:#b79200; --camera:#3f8f5f; --replay:#8a56c2;
  --object:#2c9a4b; --goal:#b04fb0; --support:#eef3f4; --support-line:#6d8c93; }
@media (prefers-color-scheme: dark) { :root {
  --paper:#16181b; --sheet:#1e2125; --ink:#e6e6e2; --soft:#a2abb3; --line:#363b41; --lane:#2a2e33;
  --good:#6fd08f; --bad:#f0907c; --open:#e5bd5c; --good-bg:#1b3325; --bad-bg:#3b221d; --open-bg:#352c16;
  --left:#6fb0f5; --right:#f0a060; --contact:#e2c64a; --camera:#74c294; --replay:#bd97ea;
  --object:#6fd08f; --goal:#dd92dd; --support:#23292c; --support-line:#8aa6ad; } }
* { box-sizing:border-box; }
body { margin:0; background:var(--paper); color:var(--ink); font:16px/1.55 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif; }
main { max-width:1120px; margin:0 auto; padding:28px 20px 80px; }
h1 { font-size:1.75rem; line-height:1.25; margin:.2em 0 .3em; letter-spacing:-.01em; }
main > section > h2 { font-size:1.28rem; margin:2.4em 0 .5em; padding-top:.9em; border-top:1px solid var(--line); }
h3 { font-size:1.02rem; margin:1.4em 0 .3em; }
p { margin:.5em 0; max-width:76ch; }
.lead, .fine, figcaption, caption { color:var(--soft); }
.fine, figcaption, caption { font-size:.88rem; }
code { font:.85em ui-monospace,"DejaVu Sans Mono",monospace; overflow-wrap:anywhere; }
.banner { border-left:5px solid var(--open); background:var(--open-bg); padding:.7em 1em; margin:.7em 0; border-radius:4px; }
.banner.truth, .banner.failed { border-color:var(--bad); background:var(--bad-bg); }
.cards { display:grid; grid-template-columns:repeat(auto-fit,minmax(250px,1fr)); gap:14px; margin:18px 0; }
.card { background:var(--sheet); border:1px solid var(--line); border-top:5px solid var(--open); border-radius:8px; padding:.9em 1.1em; }
.card.good { border-top-color:var(--good); } .card.bad { border-top-color:var(--bad); }
.card h2 { font-size:.95rem; font-weight:600; color:var(--soft); margin:0; }
.card .answer { font-size:1.5rem; font-weight:650; margin:.15em 0 .2em; line-height:1.25; }
.card.good .answer { color:var(--good); } .card.bad .answer { color:var(--bad); } .card.open .answer { color:var(--open); }
.chip { display:inline-block; font-size:.76rem; font-weight:650; padding:.05em .6em; border-radius:1em; background:var(--lane); color:var(--ink); white-space:nowrap; }
.chip.good { background:var(--good-bg); color:var(--good); } .chip.bad, .chip.warning { background:var(--bad-bg); color:var(--bad); }
.chip.open, .chip.guess { background:var(--open-bg); color:var(--open); }
.films { display:grid; grid-template-columns:repeat(auto-fit,minmax(290px,1fr)); gap:14px; align-items:start; }
figure { margin:0; position:relative; min-width:0; }
video { width:100%; height:auto; display:block; background:#000; border-radius:6px; }
.mark { position:absolute; top:8px; right:8px; background:rgba(20,20,20,.72); color:#ffe08a; font-size:.74rem; font-weight:650; padding:.1em .6em; border-radius:1em; }
.controls { display:flex; gap:10px; align-items:center; margin:12px 0 6px; flex-wrap:wrap; }
.controls button, .controls select { font:inherit; padding:.35em .9em; border-radius:6px; border:1px solid var(--line); background:var(--sheet); color:var(--ink); cursor:pointer; }
.controls input { flex:1 1 180px; min-width:120px; accent-color:var(--left); }
.controls output { font-variant-numeric:tabular-nums; min-width:7em; color:var(--soft); }
:focus-visible { outline:3px solid var(--left); outline-offset:2px; }
svg { max-width:100%; height:auto; display:block; }
svg text { fill:var(--ink); font-size:13px; font-family:inherit; } svg text.small { fill:var(--soft); font-size:12px; }
.timeline { width:100%; cursor:pointer; } .timeline .lane { fill:var(--lane); } .timeline .tick { stroke:var(--line); }
.timeline .now { stroke:var(--ink); stroke-width:1.6; }
.timeline .observed.left { fill:var(--left); } .timeline .observed.right { fill:var(--right); } .timeline .observed.camera { fill:var(--camera); }
.timeline .bridged { fill-opacity:.35; } .timeline .bridged.left { fill:var(--left); } .timeline .bridged.right { fill:var(--right); } .timeline .bridged.camera { fill:var(--camera); }
.timeline .contact { fill:var(--contact); } .timeline .replayed { fill:var(--replay); } .moment line { stroke:var(--ink); stroke-width:1.4; }
.plan { background:var(--sheet); border:1px solid var(--line); border-radius:8px; width:100%; max-width:720px; }
.plan .support { fill:var(--support); stroke:var(--support-line); stroke-width:1.6; } .plan .assumed { stroke-dasharray:7 5; }
.plan .object { fill:var(--object); fill-opacity:.55; stroke:var(--object); stroke-width:1.8; } .plan .other { fill:none; stroke:var(--soft); }
.plan .goal { fill:none; stroke:var(--goal); stroke-width:2; stroke-dasharray:5 4; }
.plan .doubt { fill:var(--soft); fill-opacity:.12; stroke:var(--soft); stroke-opacity:.5; }
.plan .hand { fill:none; stroke-width:3; stroke-linecap:round; } .plan .hand.left { stroke-dasharray:1 6; }
.plan .camera { fill:none; stroke:var(--soft); stroke-width:2; } .plan .arrowhead { fill:var(--soft); }
.plan .replayed { fill:none; stroke:var(--replay); stroke-width:2; stroke-dasharray:8 4; } .plan .bar { fill:none; stroke:var(--ink); stroke-width:1.6; }
.above { display:grid; grid-template-columns:minmax(0,720px) 1fr; gap:8px 22px; } .above .key { flex-direction:column; }
@media (max-width:900px) { .above { grid-template-columns:minmax(0,1fr); } .above .key { flex-direction:row; } }
.key { display:flex; flex-wrap:wrap; gap:4px 18px; padding:0; margin:.6em 0; list-style:none; font-size:.88rem; color:var(--soft); }
.key i { display:inline-block; width:1.6em; height:.6em; border-radius:2px; margin-right:.45em; vertical-align:.06em; }
.scroll { overflow-x:auto; } table { border-collapse:collapse; width:100%; font-size:.93rem; }
th, td { text-align:left; padding:.4em .7em .4em 0; border-bottom:1px solid var(--line); vertical-align:top; } thead th { color:var(--soft); font-weight:600; font-size:.85rem; }
tbody th { font-weight:600; } .assumed-cell { color:var(--open); } .dense { font-size:.83rem; } .number { text-align:right; font-variant-numeric:tabular-nums; }
.facts th { white-space:nowrap; padding-right:1.2em; }
.bars caption { text-align:left; padding-bottom:.3em; } .bars th { font-weight:500; width:42%; } .meter span { display:block; height:.85em; margin-top:.3em; border-radius:3px; min-width:2px; }
.meter .good { background:var(--good); } .meter .bad { background:var(--bad); }
.sheet { display:grid; grid-template-columns:repeat(auto-fill,minmax(168px,1fr)); gap:12px; padding:0; list-style:none; }
.sheet li { background:var(--sheet); border:1px solid var(--line); border-bottom:4px solid var(--bad); border-radius:6px; overflow:hidden; } .sheet li.good { border-bottom-color:var(--good); }
.sheet img, .blank { display:block; width:100%; aspect-ratio:4/3; object-fit:cover; } .blank { background:var(--lane); color:var(--soft); text-align:center; padding-top:26%; font-size:.85rem; }
.sheet p { margin:.4em .6em; font-size:.85rem; line-height:1.35; }
.score { background:var(--sheet); border:1px solid var(--line); border-radius:8px; padding:.2em 1.1em .6em; margin:12px 0; }
.gap { width:100%; max-width:560px; } .gap .band { fill:var(--good); fill-opacity:.16; } .gap .axis { stroke:var(--soft); } .gap .floor { stroke:var(--soft); stroke-width:2; stroke-dasharray:4 3; }
.gap .interval { stroke:var(--ink); stroke-width:3; stroke-linecap:round; } .gap .dot { fill:var(--ink); }
.diagnostics { list-style:none; padding:0; } .diagnostics .chip { justify-self:start; align-self:start; } .diagnostics li { display:grid; grid-template-columns:5.4em 1fr; gap:.5em; padding:.3em 0; border-bottom:1px solid var(--line); }
.where { color:var(--soft); } .missing { color:var(--soft); border-left:4px solid var(--line); padding-left:.8em; } details { margin:.8em 0; } summary { cursor:pointer; }
@media (max-width:560px) { main { padding:16px 12px 60px; } h1 { font-size:1.4rem; } .diagnostics li { grid-template-columns:1fr; gap:.1em; } .timeline { min-width:560px; } }
@media print { .controls { display:none; } .card, .score, .sheet li { break-inside:avoid; } }
)css";
}

std::string script() {
  return R"js(
'use strict';
(() => {
  const films = [...document.querySelectorAll('video[data-film]')];
  const play = document.getElementById('play');
  if (!films.length || !play) return;
  const bar = document.getElementById('bar');
  const clock = document.getElementById('clock');
  const speed = document.getElementById('speed');
  const strip = document.querySelector('svg.timeline');
  const now = strip && strip.querySelector('.now');
  const leadIn = Number(play.dataset.leadIn || 0);
  let time = 0, playing = false, last = 0;
  const end = () => Math.max(0.1, ...films.map(f => (Number.isFinite(f.duration) ? f.duration : 0)));
  const endOf = f => Math.max(0, (Number.isFinite(f.duration) ? f.duration : end()) - 0.02);
  const show = () => {
    bar.max = end().toFixed(3);
    bar.value = time;
    clock.textContent = (time - leadIn).toFixed(2) + ' s of ' + (end() - leadIn).toFixed(2) + ' s';
    if (!now) return;
    const left = Number(strip.dataset.label), width = Number(strip.dataset.width);
    const x = left + Math.min(1, time / Number(strip.dataset.seconds)) * (width - left);
    now.setAttribute('x1', x); now.setAttribute('x2', x);
  };
  const place = slack => films.forEach(f => {
    const wanted = Math.min(time, endOf(f));
    if (Math.abs(f.currentTime - wanted) > slack) f.currentTime = wanted;
  });
  const stop = () => {
    playing = false;
    films.forEach(f => f.pause());
    play.textContent = 'Play';
    place(0.001); show();
  };
  const step = stamp => {
    if (!playing) return;
    time += Math.min(0.25, (stamp - last) / 1000) * Number(speed.value);
    last = stamp;
    if (time >= end()) { time = end(); stop(); return; }
    films.forEach(f => { if (time < endOf(f) && f.paused) f.play().catch(() => {}); });
    place(0.12); show();
    requestAnimationFrame(step);
  };
  const start = () => {
    if (time >= end() - 0.05) time = 0;
    playing = true;
    play.textContent = 'Pause';
    films.forEach(f => { f.playbackRate = Number(speed.value); });
    place(0.02);
    requestAnimationFrame(stamp => { last = stamp; step(stamp); });
  };
  const seek = to => { time = Math.max(0, Math.min(end(), to)); place(0.001); show(); };
  play.addEventListener('click', () => (playing ? stop() : start()));
  speed.addEventListener('change', () => films.forEach(f => { f.playbackRate = Number(speed.value); }));
  document.querySelectorAll('[data-seek]').forEach(button =>
    button.addEventListener('click', () => { if (playing) stop(); seek(Number(button.dataset.seek)); }));
  bar.addEventListener('input', () => { if (playing) stop(); seek(Number(bar.value)); });
  if (strip) strip.addEventListener('click', event => {
    const box = strip.getBoundingClientRect();
    const left = Number(strip.dataset.label), width = Number(strip.dataset.width);
    const x = (event.clientX - box.left) / box.width * width;
    if (playing) stop();
    seek((x - left) / (width - left) * Number(strip.dataset.seconds));
  });
  films.forEach(f => f.addEventListener('loadedmetadata', () => {
    if (!playing) f.currentTime = Math.min(time, endOf(f));
    show();
  }));
  time = Number(play.dataset.first || 0);
  show();
})();
)js";
}

}  // namespace hearth::report_sections
