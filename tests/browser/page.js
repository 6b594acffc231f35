// What the browser tests ask of a page of JupyterLab; every page gets it before its own scripts, as `window.course`.
// A *control* is what a person moves in the output of a cell; its *answer* is what it changes: pictures and sentences
// of the same widget or, where there are none (a prediction is only written down), what the control itself says.

window.course = (() => {
  const MARGIN = 20;
  const CONTROLS = [".noUi-handle", "select", "input", "textarea", "button"];
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const seen = (element) => element.checkVisibility({visibilityProperty: true}) && element.getClientRects().length > 0;
  const notebook = () => window.jupyterapp.shell.currentWidget;
  const codeCells = () => notebook().content.widgets.filter((cell) => cell.model.type === "code");
  const short = (text) => text.trim().replace(/\s+/g, " ").slice(0, 80);
  const cut = (element) => element.scrollWidth > element.clientWidth;

  // ---- running

  let ran = false;
  const idle = () => notebook()?.sessionContext?.session?.kernel?.status === "idle";
  const ready = () => Boolean(window.jupyterapp?.shell) && idle();
  const run = () => {
    window.jupyterapp.commands.execute("notebook:run-all-cells").finally(() => { ran = true; });
  };
  const views = '[data-mime-type="application/vnd.jupyter.widget-view+json"]';
  const settled = () =>
    ran && idle() &&
    all(`.jp-Notebook ${views}`).every((view) => view.querySelector(".jupyter-widgets")) &&
    all(".jp-Notebook img").every((image) => image.complete);

  const end = () => { notebook().sessionContext.shutdown(); };

  const errors = () => codeCells().flatMap((cell, place) => cell.model.outputs.toJSON()
    .filter((output) => output.output_type === "error")
    .map((output) => `code cell ${place + 1}: ${output.ename}: ${output.evalue}`));
  const notRun = () => codeCells().filter((cell) => cell.model.sharedModel.getSource().trim() && !cell.model.executionCount)
    .map((cell) => short(cell.model.sharedModel.getSource()));

  // ---- controls

  const controls = () => all(".jp-OutputArea-output .jupyter-widgets")
    .flatMap((widget) => all(CONTROLS.join(), widget).concat(widget.matches("button") ? [widget] : []))
    .filter((control, place, found) => found.indexOf(control) === place && seen(control));

  const row = (control) => control.closest(":has(> .widget-label)") ?? control;
  const label = (control) => {
    const own = control.matches("button") ? control.innerText : "";
    const beside = row(control).querySelector(":scope > .widget-label");
    return [beside && seen(beside) ? beside.innerText : "", own].map(short).filter(Boolean).join(": ");
  };
  const said = (control) => control.matches(".noUi-handle")
    ? row(control).querySelector(".widget-readout")?.innerText ?? control.getAttribute("aria-valuetext")
    : control.matches("select") ? control.selectedOptions[0]?.text : control.value ?? "";
  // A list that is closed shows one option in the room that it has.
  const cutOptions = (select) => {
    const style = getComputedStyle(select), pen = document.createElement("canvas").getContext("2d");
    pen.font = `${style.fontSize} ${style.fontFamily}`;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return all("option", select).filter((option) => pen.measureText(option.text).width > room).map((option) => short(option.text));
  };

  // What a style can show of the focus: it has to differ from the same without the focus.
  const focusMark = (control) => {
    const style = getComputedStyle(control);
    return [style.outlineStyle === "none" ? "" : style.outline, style.boxShadow, style.border, style.backgroundColor].join(" / ");
  };

  const described = (control) => {
    const cell = notebook().content.widgets.find((one) => one.node.contains(control));
    const parts = all(".widget-label, .widget-readout", row(control)).concat(control.matches("button") ? [control] : []);
    return {
      widget: cell.model.sharedModel.getSource().match(/widgets\.(\w+)\(/)?.[1] ?? "",
      label: label(control),
      kind: control.matches(".noUi-handle") ? "slider" : control.tagName.toLowerCase(),
      cut: parts.filter((part) => seen(part) && cut(part)).map((part) => part.innerText)
        .concat(control.matches("select") ? cutOptions(control) : []),
      mark: focusMark(control),
      place: control.matches(".noUi-handle") ? Number(control.getAttribute("aria-valuenow")) : control.selectedIndex ?? 0,
      first: control.matches(".noUi-handle") ? Number(control.getAttribute("aria-valuemin")) : 0,
      last: control.matches(".noUi-handle") ? Number(control.getAttribute("aria-valuemax")) : (control.length ?? 1) - 1,
    };
  };
  // The number of the control that has the focus, -1 for none of them.
  const focused = () => controls().indexOf(document.activeElement);
  const focusedControl = () => described(document.activeElement);

  // ---- what a move changes

  // A widget that answers has its controls first and its answer last; one that a prediction is written into has none.
  const box = (control) => {
    const boxes = [];
    for (let one = control; one; one = one.parentElement.closest(".widget-vbox")) boxes.push(one);
    return boxes.at(-1);
  };
  const sight = (control) => {
    const last = box(control).lastElementChild;
    if (!last.matches(".widget-html") || control.matches("input")) return said(control);
    return last.querySelector("img")?.src ?? last.innerText;
  };

  let move;
  // Watch the control that has the focus, before it is moved; `moved` then tells what came of it.
  const watch = (limit) => {
    const control = document.activeElement, before = sight(control), inside = box(control);
    const listeners = new AbortController();
    let pressed = null;
    move = new Promise((resolve) => {
      const look = async () => {
        if (sight(control) === before) return;
        observer.disconnect();
        listeners.abort();
        await Promise.all(all("img", inside).map((image) => image.decode()));
        // The task after a frame: the change has been painted.
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressed)));
      };
      const press = (event) => { pressed ??= event.timeStamp; };
      const observer = new MutationObserver(look);
      observer.observe(inside, {subtree: true, childList: true, characterData: true, attributes: true});
      for (const name of ["keydown", "change", "input"]) {
        control.addEventListener(name, press, {capture: true, signal: listeners.signal});
        control.addEventListener(name, look, {signal: listeners.signal});
      }
      setTimeout(() => { observer.disconnect(); listeners.abort(); resolve(null); }, limit);
    });
  };
  const moved = () => move;

  // ---- what is on the page

  const images = () => all(".jp-Cell img").map((image) => ({alt: image.alt, cell: short(image.closest(".jp-Cell").innerText)}));

  // Elements of the notebook that stick out of it, or that only a horizontal scroll bar shows.
  const offThePage = () => {
    const edge = document.querySelector(".jp-Notebook").getBoundingClientRect();
    const out = all(".jp-Cell *").filter((element) => {
      const {left, right} = element.getBoundingClientRect();
      return !element.closest(".cm-editor, .noUi-target") && (right > edge.right + 1 || left < edge.left - 1);
    });
    const scrolled = all(".cm-scroller, .jp-RenderedHTMLCommon, .jp-OutputArea-output, pre", document.querySelector(".jp-Notebook"))
      .filter((element) => element.scrollWidth > element.clientWidth + 1);
    return [...new Set(out.concat(scrolled))].filter(seen).map((element) => (
      {code: element.matches(".cm-scroller"), what: element.className || element.tagName, text: short(element.innerText ?? "")}));
  };
  const closeSidebar = () => { window.jupyterapp.commands.execute("application:toggle-left-area"); };

  // ---- contrast (WCAG 2.2, 1.4.3)

  const parse = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    return [red, green, blue, alpha];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, place) => a * part + (1 - a) * below[place]);
  const background = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.push(parse(getComputedStyle(one).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const light = (colour) => colour.map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const contrast = (element) => {
    const behind = background(element);
    const [low, high] = [light(over(parse(getComputedStyle(element).color), behind)), light(behind)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const TEXT = ".jp-RenderedMarkdown, .jp-OutputArea-output";
  const faint = () => all(TEXT).flatMap((part) => {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT), found = all("select, input, button", part);
    while (walker.nextNode()) if (walker.currentNode.data.trim()) found.push(walker.currentNode.parentElement);
    return [...new Set(found)].filter((element) => seen(element) && !element.matches("option")).map((element) => {
      const {fontSize, fontWeight} = getComputedStyle(element);
      const large = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24);
      return {text: short(element.innerText ?? element.value ?? ""), ratio: contrast(element), needed: large ? 3 : 4.5};
    });
  }).filter(({ratio, needed}) => ratio < needed);

  // ---- pictures of the whole page

  const room = (element) => element.scrollHeight - element.clientHeight;
  const panel = () => all(".jp-Notebook, .jp-Notebook .jp-WindowedPanel-outer")
    .reduce((one, other) => (room(other) > room(one) ? other : one));
  const scroll = (top) => { panel().scrollTop = top; };

  // Where the notebook is seen, and its length down to the last cell: JupyterLab lets one scroll past it.
  const view = () => {
    const one = panel(), {left, top} = one.getBoundingClientRect();
    const [x, y] = [Math.ceil(left + one.clientLeft), Math.ceil(top + one.clientTop)];
    const length = Math.ceil(all(".jp-Notebook .jp-Cell").at(-1).getBoundingClientRect().bottom - y + one.scrollTop);
    return {x, y, width: one.clientWidth, height: one.clientHeight, length};
  };

  // How many colours there are in a picture, but for its margins, where frames may have a line or a shadow.
  const colours = async (png) => {
    const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    pen.drawImage(picture, 0, 0);
    const inner = pen.getImageData(MARGIN, MARGIN, picture.width - 2 * MARGIN, picture.height - 2 * MARGIN);
    return new Set(new Uint32Array(inner.data.buffer)).size;
  };

  return {
    ready, run, settled, end, errors, notRun,
    controls: () => controls().map(described), focused, focusedControl, watch, moved,
    images, offThePage, closeSidebar, faint, scroll, view, colours,
  };
})();
