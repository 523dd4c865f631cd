// SPDX-License-Identifier: Apache-2.0

extension HTMLReport {
  /// The style sheet. Colours after Okabe and Ito; light and dark; printed light.
  static let style = """
    :root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --soft: #57606a;
      --rule: #d5dae0; --grid: #e9ecef; --wash: #f6f7f9; --trace: #0b3c5d; --shade: #56b4e9;
      --c0: #0072b2; --c1: #d98c00; --c2: #009e73; --c3: #cc79a7; --c4: #56b4e9; --c5: #d55e00;
      --measured: #00664b; --counted: #004f7c; --modelled: #8f3f00; --warn: #fff4e0; }
    @media screen and (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e8eaed;
      --soft: #a3abb5; --rule: #3a4149; --grid: #262b31; --wash: #1c2025; --trace: #8ecbff;
      --c0: #3b9bd9; --c1: #e8a93c; --c2: #2fbf95; --c3: #d79bbd; --c4: #7cc4ee; --c5: #ee7b3a;
      --measured: #62d3b0; --counted: #7cc4ee; --modelled: #ffb07a; --warn: #33291a; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.5;
      font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
      font-variant-numeric: tabular-nums; }
    main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
    h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .25rem; font-weight: 650; overflow-wrap: anywhere; }
    h2 { font-size: 1.35rem; margin: 3rem 0 .25rem; padding-top: .9rem; font-weight: 650;
      border-top: 2px solid var(--ink); overflow-wrap: anywhere; }
    .kicker { margin: 0 0 .4rem; color: var(--soft); font-size: .8rem; letter-spacing: .09em;
      text-transform: uppercase; }
    .lead { margin: 0 0 1.1rem; color: var(--soft); overflow-wrap: anywhere; }
    .key { font-size: .85rem; color: var(--soft); }
    .key .badge:not(:first-child) { margin-left: .9em; }
    .badge { display: inline-block; padding: 0 .5em; border: 1px solid currentColor;
      border-radius: 1em; font-size: .72rem; line-height: 1.45; font-weight: 600; letter-spacing: .01em;
      vertical-align: .08em; white-space: nowrap; }
    .badge.measured { color: var(--measured); } .badge.counted { color: var(--counted); }
    .badge.modelled { color: var(--modelled); border-style: dashed; }
    .cards { display: grid; gap: .75rem; margin: 1.25rem 0;
      grid-template-columns: repeat(auto-fill, minmax(14.2rem, 1fr)); }
    .card { background: var(--wash); border: 1px solid var(--rule); border-radius: 6px;
      padding: .7rem .85rem .75rem; break-inside: avoid; }
    .card .name { font-size: .85rem; color: var(--soft); display: flex; gap: .5em;
      justify-content: space-between; align-items: baseline; }
    .card .value { font-size: 1.4rem; font-weight: 600; margin: .1rem 0 .25rem; white-space: nowrap; }
    .card .unit { font-size: .95rem; font-weight: 400; color: var(--soft); }
    .note, .card .note { font-size: .8rem; color: var(--soft); line-height: 1.4; overflow-wrap: anywhere; }
    .problem { background: var(--warn); border-left: 3px solid var(--c1); margin: .5rem 0;
      padding: .4rem .8rem; font-size: .9rem; overflow-wrap: anywhere; }
    figure { margin: 2rem 0; break-inside: avoid; }
    figure.scroll { overflow-x: auto; break-inside: auto; }
    svg { display: block; width: 100%; height: auto; }
    figcaption, caption { font-size: .87rem; color: var(--soft); text-align: left; margin-top: .5rem;
      caption-side: top; overflow-wrap: anywhere; }
    caption { margin: 0; padding-bottom: .5rem; }
    figcaption b, caption b { color: var(--ink); }
    table { border-collapse: collapse; width: 100%; font-size: .87rem;
      border-top: 1.5px solid var(--ink); border-bottom: 1.5px solid var(--ink); }
    th, td { text-align: left; padding: .28rem .9rem .28rem 0; vertical-align: top; font-weight: 400; }
    thead th { font-weight: 600; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
    tbody tr + tr > * { border-top: 1px solid var(--grid); }
    td.number, th.number { text-align: right; padding-left: .4rem; } td:last-child, th:last-child { padding-right: 0; }
    td small, th small { color: var(--soft); font-weight: 400; } td small.beyond { color: var(--ink); font-weight: 650; }
    table.facts th { white-space: nowrap; color: var(--soft); width: 12rem; }
    table.facts td { overflow-wrap: anywhere; font-variant-ligatures: none; }
    svg text { fill: var(--ink); font-family: inherit; font-size: 12.5px; }
    svg text.tick, svg text.faint { fill: var(--soft); font-size: 11.5px; }
    svg text.inside { font-size: 11.5px; } svg text.head { fill: var(--soft); font-weight: 600; }
    svg text.strong { font-weight: 600; font-size: 13px; }
    svg .grid { stroke: var(--grid); stroke-width: 1; } svg .axis { stroke: var(--soft); stroke-width: 1; }
    svg .trace { fill: var(--trace); stroke: var(--trace); stroke-width: .7; stroke-linejoin: round; }
    svg .shade-window { fill: var(--shade); fill-opacity: .24; }
    svg .shade-baseline { fill: var(--soft); fill-opacity: .13; }
    svg .zoom { fill: none; stroke: var(--c5); stroke-width: 1.4; }
    svg .zoom-line { stroke: var(--c5); stroke-width: 1; stroke-dasharray: 3 3; opacity: .7; }
    svg .limit { stroke: var(--c5); stroke-width: 1.3; stroke-dasharray: 5 4; }
    svg .error { stroke: var(--ink); stroke-width: 1.2; } svg .error-thick { fill: var(--ink); }
    svg .c0 { fill: var(--c0); } svg .c1 { fill: var(--c1); } svg .c2 { fill: var(--c2); }
    svg .c3 { fill: var(--c3); } svg .c4 { fill: var(--c4); } svg .c5 { fill: var(--c5); }
    svg .block { fill-opacity: .3; stroke-width: 1; }
    svg .block.c0 { stroke: var(--c0); } svg .block.c1 { stroke: var(--c1); }
    svg .block.c2 { stroke: var(--c2); } svg .block.c3 { stroke: var(--c3); }
    svg .block.c4 { stroke: var(--c4); } svg .block.c5 { stroke: var(--c5); }
    @page { margin: 18mm 15mm; }
    @media print { body { font-size: 10.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      main { max-width: none; padding: 0; } section + section { break-before: page; } }
    """
}
