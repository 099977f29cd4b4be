"""The style and the script of the `html` page. The page is whole without the script."""

import base64
import hashlib

STYLE = """
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5b6570; --line: #d9dee3; --paper: #fff; --card: #f6f8fa;
  --loss: #b3261e; --gain: #1a7f37; --move: #7a5c00; --hold: #8a4b00; --link: #0b57b0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa5b0; --line: #353c44; --paper: #14171a;
  --card: #1c2126; --loss: #ff8a80; --gain: #6fd58b; --move: #e2c35a; --hold: #ffb86b; --link: #8ab8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1.5rem 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
p { margin: .35rem 0; overflow-wrap: anywhere; }
.verdict { display: inline-block; font-weight: 600; padding: .2rem .7rem; border-radius: 1rem; color: var(--paper);
  background: var(--gain); }
.verdict.error, .verdict.guarded, .verdict.removal { background: var(--loss); }
.verdict.no-changes { background: var(--soft); }
.soft, small { color: var(--soft); font-size: .875rem; }
code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; }
li, .person { padding: .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
li:last-child, .person:last-child { border-bottom: 0; }
li ul { padding-left: 1.5rem; }
li li { border: 0; padding: .15rem 0; }
b { font-weight: 600; }
.lost { color: var(--loss); } .won { color: var(--gain); } .moved { color: var(--move); } .held { color: var(--hold); }
small { display: block; }
a { color: var(--link); }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; background: var(--card); }
summary { cursor: pointer; padding: .6rem .8rem; overflow-wrap: anywhere; }
details > ul, details > p { padding: 0 .8rem .4rem; margin: 0; }
.person { display: grid; grid-template-columns: minmax(12rem, 1fr) 2fr; gap: .25rem 1rem; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; margin: 1rem 0;
  padding: .7rem .8rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
.filter label { display: flex; gap: .4rem; align-items: center; min-height: 1.75rem; }
.filter input[type=search], .filter select { font: inherit; padding: .3rem .5rem; min-width: 0; width: 14rem;
  max-width: 100%; }
[hidden], section:has(> ul):not(:has(> ul > li:not([hidden]))),
section:has(> .person):not(:has(> .person:not([hidden]))),
section:has(> details):not(:has(> details:not([hidden]))) { display: none !important; }
body:has(#show-taken:not(:checked)) .taken, body:has(#show-held:not(:checked)) .held-back,
body:has(#show-added:not(:checked)) .added { display: none; }
footer { padding: 2rem 1rem; }
@media (max-width: 40rem) { .person { grid-template-columns: 1fr; } li ul { padding-left: .75rem; } }
@media print { .filter { display: none; } body { font-size: 10pt; } details { border: 0; background: none; }
  h2, summary { break-after: avoid; } li, .person { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; height: auto; } a { color: inherit; } }
"""

SCRIPT = """
const client = document.getElementById('client'), kind = document.getElementById('kind');
const sift = () => {
  const wanted = client.value.trim().toLowerCase(), kinds = kind.value.split(' ');
  for (const one of document.querySelectorAll('[data-client], [data-kind]')) {
    const about = (one.dataset.client ?? wanted).toLowerCase(), has = (one.dataset.kind ?? kind.value).split(' ');
    one.hidden = !about.includes(wanted) || (kind.value !== '' && !kinds.some(one => has.includes(one)));
  }
};
for (const box of [client, kind]) {
  box.closest('label').hidden = false;
  box.addEventListener('input', sift);
}
addEventListener('beforeprint', () => document.querySelectorAll('details').forEach(one => { one.open = true; }));
"""


def policy() -> str:
    """What the page may load: nothing but its own style and this very script."""
    script = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    own = f"style-src 'unsafe-inline'; script-src 'sha256-{script}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"
