/** A small drawn map around a point: no tiles are fetched, streets are made up from the coordinates,
 *  so that the same place always looks the same and two places look different. */
import { s } from "./dom.js";

const WIDTH = 280;
const HEIGHT = 140;

/** mulberry32: a small repeatable random sequence in [0, 1) */
function sequence(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let x = Math.imul(a ^ (a >>> 15), 1 | a);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

function streets(random) {
  const group = s("g", { class: "map-streets", transform: `rotate(${(random() - 0.5) * 36} ${WIDTH / 2} ${HEIGHT / 2})` });
  const line = (d, wide) => group.append(s("path", { d, class: wide ? "map-road wide" : "map-road" }));
  for (let x = -60 + random() * 30; x < WIDTH + 60; x += 34 + random() * 30) line(`M${x} -90V${HEIGHT + 90}`, random() < 0.2);
  for (let y = -80 + random() * 20; y < HEIGHT + 90; y += 26 + random() * 22) line(`M-70 ${y}H${WIDTH + 70}`, random() < 0.2);
  return group;
}

function park(random) {
  const [x, y] = [random() * WIDTH * 0.7, random() * HEIGHT * 0.5];
  return s("rect", { class: "map-park", x, y, width: 50 + random() * 60, height: 30 + random() * 35, rx: 10 });
}

function river(random) {
  const y = random() < 0.5 ? 8 + random() * 25 : HEIGHT - 8 - random() * 25;
  const bend = () => y + (random() - 0.5) * 34;
  return s("path", { class: "map-river", d: `M-10 ${bend()}C${WIDTH * 0.3} ${bend()} ${WIDTH * 0.6} ${bend()} ${WIDTH + 10} ${bend()}` });
}

/** latitude and longitude in degrees → an SVG with a pin in its middle */
export function map(latitude, longitude) {
  const random = sequence(Math.round(latitude * 1e4) * 73856093 + Math.round(longitude * 1e4) * 19349663);
  const pin = s(
    "g",
    { transform: `translate(${WIDTH / 2} ${HEIGHT / 2})` },
    s("ellipse", { class: "map-shadow", cx: 0, cy: 1, rx: 9, ry: 3.5 }),
    s("path", { class: "map-pin", d: "M0 0C-2-8-13-13-13-24a13 13 0 0 1 26 0C13-13 2-8 0 0Z" }),
    s("circle", { class: "map-dot", cx: 0, cy: -24, r: 5 }),
  );
  return s(
    "svg",
    { class: "map", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" },
    s("rect", { class: "map-land", width: WIDTH, height: HEIGHT }),
    park(random), park(random), river(random), streets(random), pin,
  );
}
