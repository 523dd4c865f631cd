// SPDX-License-Identifier: Apache-2.0

extension HTMLReport {
  /// The page, in Mustache. Well-formed XML, so that a strict parser can check it.
  static let template = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="generator" content="shunt"/>
    <title>{{title}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    <main>
    <header>
    <p class="kicker">Benchmark report</p>
    <h1>{{title}}</h1>
    <p class="lead">{{lead}}</p>
    <p class="key"><span class="badge measured">measured</span> by an instrument or a real timer
    <span class="badge counted">counted</span> exactly
    <span class="badge modelled">modelled</span> by a cost model, with its stated error</p>
    </header>
    {{#overview}}
    <section>
    <h2>Comparison</h2>
    {{#warning}}<p class="problem">{{.}}</p>{{/warning}}
    {{#picture}}
    <figure>
    {{{drawingSVG}}}
    <figcaption><b>{{label}}</b> {{caption}}</figcaption>
    </figure>
    {{/picture}}
    <figure class="scroll">
    <table>
    <caption><b>{{tableLabel}}</b> Figures of all runs. Differences are relative to the first run; bold ones exceed the noise (95 %).</caption>
    <thead><tr><th scope="col">Figure</th>{{#headings}}<th scope="col" class="number">{{run}}<br/><small>{{board}}</small></th>{{/headings}}</tr></thead>
    <tbody>
    {{#lines}}
    <tr><th scope="row">{{name}} {{#badges}}<span class="badge {{.}}">{{.}}</span> {{/badges}}</th>{{#cells}}<td class="number">{{text}}{{#mark}}<br/><small class="{{markStyle}}">{{mark}}</small>{{/mark}}</td>{{/cells}}</tr>
    {{/lines}}
    </tbody>
    </table>
    </figure>
    {{#models}}<p class="note">Cost model {{.}}.</p>{{/models}}
    </section>
    {{/overview}}
    {{#runs}}
    <section id="{{anchor}}">
    <h2>{{heading}}</h2>
    <p class="lead">{{subtitle}}</p>
    <div class="cards">
    {{#cards}}
    <div class="card"><div class="name">{{name}} <span class="badge {{badge}}">{{badge}}</span></div>
    <div class="value">{{value}} <span class="unit">{{unit}}</span></div>
    {{#notes}}<div class="note">{{.}}</div>{{/notes}}</div>
    {{/cards}}
    </div>
    {{#problems}}<p class="problem">{{.}}</p>{{/problems}}
    {{#pictures}}
    <figure>
    {{{drawingSVG}}}
    <figcaption><b>{{label}}</b> {{caption}} {{#badge}}<span class="badge {{.}}">{{.}}</span>{{/badge}} {{#note}}{{.}}{{/note}}</figcaption>
    </figure>
    {{/pictures}}
    {{#tables}}
    <figure class="scroll">
    <table>
    <caption><b>{{label}}</b> {{caption}} {{#badge}}<span class="badge {{.}}">{{.}}</span>{{/badge}}</caption>
    <thead><tr>{{#headings}}<th scope="col" class="{{style}}">{{text}}</th>{{/headings}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr>{{#.}}<td class="{{style}}">{{text}}</td>{{/.}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </figure>
    {{/tables}}
    <figure class="scroll">
    <table class="facts">
    <caption><b>{{provenanceLabel}}</b> Provenance.</caption>
    <tbody>
    {{#provenance}}
    <tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>
    {{/provenance}}
    </tbody>
    </table>
    </figure>
    </section>
    {{/runs}}
    </main>
    </body>
    </html>

    """
}
