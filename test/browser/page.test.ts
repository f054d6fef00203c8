import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { html } from "../../picture/html.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { drawn, fabric, star } from "../picture/samples.ts";
import { type Browser, browser, hasBrowser, type Opened } from "./browser.ts";

const EVIL = `a<b>&"c</script><img src=x onerror=alert(1)>`;

const FIVE = [
  ...star(2),
  drawn("Namespace", EVIL, { name: EVIL }),
  drawn("Route", "h0-lost", { namespace: "h0", destination: "10.7.0.0/16", via: "10.0.0.1" }, { mark: "missing" }),
  drawn("NatRule", "out", { type: "masquerade", source: "10.0.0.0/16" }),
  drawn("Sysctl", "forwarding", { key: "net.ipv4.ip_forward", value: "1" }),
  drawn("Qdisc", "slow", { namespace: "h1", delay: "20ms" }, { mark: "drifted", details: ["delay 20ms → 40ms"] }),
];

describe.skipIf(!hasBrowser)("the page", () => {
  let chromium: Browser;
  let opened: Opened;
  beforeAll(async () => {
    chromium = await browser();
  });
  afterAll(() => chromium[Symbol.asyncDispose]());

  const open = async (resources: Parameters<typeof topologyOf>[0]) => {
    opened = await chromium.open(await html(topologyOf(resources), EVIL, "as in the state"));
    return opened.page;
  };
  const panel = () => opened.page.getByRole("complementary");
  const node = (name: string) => opened.page.locator("#stage").getByRole("button", { name });
  const scale = async () => parseInt(await opened.page.locator("#scale").innerText());
  const corner = async () => {
    const { x, y } = (await node("lan, bridge").boundingBox())!;
    return { x: Math.round(x), y: Math.round(y) };
  };
  const focused = () => opened.page.evaluate("document.activeElement?.getAttribute('data-node')");

  test("a click on a node shows its details, whose buttons select other nodes", async () => {
    const page = await open(FIVE);
    expect(await panel().isVisible()).toBe(false);
    await node("h0, namespace").click();
    expect(await panel().getByRole("heading", { level: 2 }).innerText()).toBe("h0");
    const told = await panel().innerText();
    for (const text of ["eth0", "10.0.1.0/16", "cable h0-wire to h0-br", "h0-lost", "10.7.0.0/16 via 10.0.0.1"]) {
      expect(told).toContain(text);
    }
    expect(told).toContain("1 of its parts: not in the kernel");
    expect(await node("h0, namespace").getAttribute("aria-expanded")).toBe("true");

    await panel().getByRole("button", { name: "→ lan" }).click();
    expect(await panel().innerText()).toMatch(/^(.*\n)*lan\n(.*\n)*10\.0\.0\.1\/16\n(.*\n)*h1-br\n/);
    await node("h1, namespace").click();
    expect(await panel().innerText()).toMatch(/slow\s+delay 20ms\s+delay 20ms → 40ms/);
    await node("lab host").click({ position: { x: 8, y: 8 } });
    expect(await panel().innerText()).toMatch(/masquerade from 10\.0\.0\.0\/16\n(.*\n)*net\.ipv4\.ip_forward = 1/);
    await page.mouse.click(5, 400);
    expect(await panel().isVisible()).toBe(false);
  });

  test("names with markup are shown as text", async () => {
    const page = await open(FIVE);
    await node("a<b>").click();
    expect(await panel().getByRole("heading", { level: 2 }).innerText()).toBe(EVIL);
    expect(await page.title()).toBe(EVIL);
    expect(await page.locator("img, b").count()).toBe(0);
  });

  test("keys open and close the details, zoom, pan and fit", async () => {
    const page = await open(FIVE);
    await node("h0, namespace").focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement?.id")).toBe("panel-name");
    await page.keyboard.press("Escape");
    expect(await panel().isVisible()).toBe(false);
    expect(await focused()).toBe("namespace h0");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("namespace h1");

    const [size, at] = [await scale(), await corner()];
    await page.keyboard.press("+");
    await expect.poll(scale).toBeGreaterThan(size);
    await page.keyboard.press("-");
    await page.keyboard.press("-");
    await expect.poll(scale).toBeLessThan(size);
    await page.keyboard.press("0");
    await expect.poll(async () => [await scale(), await corner()]).toEqual([size, at]);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    expect(await corner()).toEqual({ x: at.x - 80, y: at.y - 80 });
  });

  test("the mouse pans and zooms at its position, and a pan that ends on a node is no click", async () => {
    const page = await open(FIVE);
    const [size, at] = [await scale(), await corner()];
    await page.mouse.move(at.x + 20, at.y + 20);
    await page.mouse.down();
    await page.mouse.move(at.x + 80, at.y + 50, { steps: 4 });
    await page.mouse.up();
    expect(await corner()).toEqual({ x: at.x + 60, y: at.y + 30 });
    expect(await panel().isVisible()).toBe(false);

    const { x, y } = await corner();
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -200);
    await expect.poll(scale).toBeGreaterThan(size);
    const zoomed = await corner();
    expect(Math.hypot(zoomed.x - x, zoomed.y - y)).toBeLessThan(4);
    await page.getByRole("button", { name: "Fit" }).click();
    expect([await scale(), await corner()]).toEqual([size, at]);
    await page.getByRole("button", { name: "Zoom out" }).click();
    expect(await scale()).toBeLessThan(size);
  });

  test("a search among 200 nodes dims the others, and Enter selects one result after another", async () => {
    const page = await open(star(200));
    await page.keyboard.press("/");
    await page.keyboard.type("H17");
    expect(await page.locator("#found").innerText()).toBe("11 of 202");
    expect(await page.locator("[data-node]:not(.dim)").count()).toBe(11);
    expect(await page.locator("[data-wire]:not(.dim)").count()).toBe(11);
    expect(await page.locator("[data-of]:not(.dim)").count()).toBe(11);
    for (const name of ["h17", "h170"]) {
      await page.keyboard.press("Enter");
      expect(await panel().getByRole("heading", { level: 2 }).innerText()).toBe(name);
      const inside = () =>
        page.evaluate(`(() => {
        const [is, at] = [document.querySelector(".selected"), document.getElementById("stage")].map((one) => one.getBoundingClientRect());
        return is.left >= at.left && is.right <= at.right && is.top >= at.top && is.bottom <= at.bottom;
      })()`);
      await expect.poll(inside).toBe(true);
    }
    await expect.poll(scale).toBeGreaterThanOrEqual(80);
    await page.keyboard.press("Escape");
    expect(await page.locator(".dim").count()).toBe(0);
    expect(await panel().isVisible()).toBe(true);
    await page.keyboard.type("10.0.1.42/");
    expect(await page.locator("#found").innerText()).toBe("1 of 202");
  });

  test("a search finds a node by its name before the nodes whose ports have that name", async () => {
    const page = await open(fabric(2));
    await page.keyboard.press("/");
    await page.keyboard.type("leaf1");
    await page.keyboard.press("Enter");
    expect(await panel().getByRole("heading", { level: 2 }).innerText()).toBe("leaf1");
  });

  test("the page is dark if the color scheme of the system is dark", async () => {
    const page = await open(FIVE);
    const colours = () =>
      page.evaluate(`[document.body, document.querySelector(".namespace > .box"), document.querySelector("h1")]
        .map((one, index) => getComputedStyle(one)[["backgroundColor", "fill", "color"][index]])`);
    await page.emulateMedia({ colorScheme: "light" });
    expect(await colours()).toEqual(["rgb(255, 255, 255)", "rgb(245, 248, 251)", "rgb(28, 39, 51)"]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await colours()).toEqual(["rgb(15, 21, 28)", "rgb(24, 33, 43)", "rgb(226, 232, 238)"]);
  });

  test("the page loads nothing, and its security policy blocks inserted scripts and requests", async () => {
    const page = await open(FIVE);
    await node("h0, namespace").click();
    await page.locator("#find").fill("h1");
    expect(opened.requests.filter((url) => url !== "data:,")).toEqual([]);
    expect(opened.complaints).toEqual([]);

    await page.evaluate(`
      document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'run'" }));
      fetch("http://127.0.0.1:9/").catch(() => {});
    `);
    const complaints = () => opened.complaints.join("\n");
    await expect.poll(complaints).toMatch(/inline script .*Content Security Policy/);
    await expect.poll(complaints).toMatch(/127\.0\.0\.1.*Content Security Policy/);
    expect(await page.title()).toBe(EVIL);
  });
});
