/** The slice viewer: picture, slider, layers. Its code is in `browser/viewer`. */
export function viewerHtml(threshold: number): string {
  return `<section class="viewer" aria-label="Slice viewer">
<div class="viewer-head"><h2 id="case-name"></h2><p><span id="position"></span> · <span id="area"></span></p></div>
<div id="stage" class="stage">
<canvas id="canvas" role="img" aria-label="CT slice with the infected region marked"></canvas>
<span class="side left" aria-hidden="true">R</span><span class="side right" aria-hidden="true">L</span>
<span id="readout" class="readout" aria-hidden="true"></span>
<span id="legend" class="legend" hidden><i></i><span>p 0</span><span>1</span></span>
</div>
<div id="paging" class="paging">
<button id="previous" class="icon" type="button" aria-label="Previous slice" title="Previous slice (←)">‹</button>
<input id="slice" type="range" min="0" max="0" value="0" step="1" aria-label="Slice">
<button id="next" class="icon" type="button" aria-label="Next slice" title="Next slice (→)">›</button>
<button id="play" class="icon" type="button" aria-pressed="false" aria-label="Play" title="Play (space)"><span class="on">▶</span><span class="off">❚❚</span></button>
</div>
<div class="controls">
<fieldset class="layers"><legend class="visually-hidden">Show</legend>
<label><input id="contour" type="checkbox" checked><span>Contour</span></label>
<label><input id="fill" type="checkbox"><span>Fill</span></label>
<label><input id="probability" type="checkbox"><span>Probability</span></label>
<label class="with-classes" hidden><input id="classes" type="checkbox" checked><span>Classes</span></label>
</fieldset>
<label class="threshold">Threshold <input id="threshold" type="range" min="0.02" max="0.98" step="0.01" value="${threshold}" data-written="${threshold}"> <output id="threshold-value" for="threshold">${threshold.toFixed(2)}</output></label>
<span id="class-legend" class="class-legend with-classes" hidden></span>
<span id="preview" class="preview" hidden>preview only: masks and numbers use ${threshold} <button id="written" type="button">back</button></span>
</div>
<p class="keys"><kbd>←</kbd> <kbd>→</kbd> slices <kbd>[</kbd> <kbd>]</kbd> cases <kbd>m</kbd> most infected <kbd>c</kbd> <kbd>f</kbd> <kbd>p</kbd><span class="with-classes" hidden> <kbd>l</kbd></span> layers <kbd>space</kbd> play</p>
</section>`;
}
