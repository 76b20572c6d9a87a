/** In the shadow root only. Dark in every page, so that nobody takes it for a part of the application. */
export const DEVTOOLS_STYLES = `
:host { all: initial; }
* { box-sizing: border-box; }
.panel, .toggle {
  position: fixed;
  z-index: 2147483000;
  font: 12px/1.45 system-ui, sans-serif;
  color: #e8eaf0;
  background: #171a21;
  border: 1px solid #5c6474;
}
.toggle { inset-block-end: 8px; inset-inline-start: 8px; padding: 4px 10px; border-radius: 14px; min-block-size: 28px; }
.panel {
  inset-inline: 0;
  inset-block-end: 44px;
  block-size: min(380px, 60vh);
  display: flex;
  flex-direction: column;
  border-inline: 0;
}
header, .faults { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; padding: 6px 10px; border-block-end: 1px solid #343a47; }
h2 { font-size: 13px; margin: 0; margin-inline-end: auto; }
button { font: inherit; color: inherit; background: #242936; border: 1px solid #5c6474; border-radius: 5px; padding: 3px 9px; min-block-size: 26px; cursor: pointer; }
button:hover { background: #313848; }
button[aria-pressed="true"] { background: #28508c; border-color: #8ab6ff; }
:focus-visible { outline: 2px solid #8ab6ff; outline-offset: 1px; }
.columns { display: grid; grid-template-columns: minmax(220px, 320px) 1fr; min-block-size: 0; flex: 1; }
.syncs, .events { overflow: auto; padding: 8px 10px; min-inline-size: 0; }
.syncs { border-inline-end: 1px solid #343a47; }
ul, ol { list-style: none; margin: 0; padding: 0; }
.syncs li { display: flex; flex-direction: column; gap: 4px; margin-block-end: 8px; }
.syncs li > button:first-child { text-align: start; }
.syncs li > button + button { align-self: start; }
.unwatched > button { border-style: dashed; }
small, time { color: #b4bac8; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; }
legend { float: inline-start; padding: 0; margin-inline-end: 10px; color: #b4bac8; }
label { display: inline-flex; gap: 4px; align-items: center; min-block-size: 24px; }
.events ol { margin-block-start: 6px; }
.events li { padding-block: 2px; border-block-start: 1px solid #272c37; overflow-wrap: anywhere; }
.kind { display: inline-block; min-inline-size: 58px; }
.decision .kind { color: #ffc978; }
.message .kind { color: #93c5ff; }
.change .kind { color: #9be3b0; }
code, pre { font: 11px/1.4 ui-monospace, monospace; }
pre { margin: 4px 0 4px 16px; padding: 6px; background: #0f1116; white-space: pre-wrap; overflow-wrap: anywhere; }
p { margin: 4px 0; }
@media (max-width: 560px) {
  .columns { display: block; overflow: auto; }
  .syncs, .events { overflow: visible; }
  .syncs { border-inline-end: 0; border-block-end: 1px solid #343a47; }
}
@media (forced-colors: active) {
  button[aria-pressed="true"] { border: 2px solid Highlight; }
}
`;
