/**
 * Returns a ping matrix as a table: a row for each host that sends, a column for each host that answers.
 *
 * @param {readonly string[]} hosts
 * @param {readonly import("./live-types.ts").PagePing[]} pings
 */
export function pingTable(hosts, pings) {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  head.append(headCell("from ↓ to →"), ...hosts.map(headCell));
  const body = table.createTBody();
  for (const from of hosts) {
    const row = body.insertRow();
    row.append(headCell(from));
    for (const to of hosts) {
      const cell = row.insertCell();
      const sent = pings.filter((ping) => ping.from === from && ping.to === to);
      const telling = sent.filter(({ isTelling }) => isTelling);
      const answered = telling.flatMap(({ ms, isReached }) => (ms === null || !isReached ? [] : [ms]));
      if (sent.length === 0) continue;
      cell.className = answered.length === telling.length ? "good" : "bad";
      cell.textContent =
        answered.length === telling.length
          ? `${Math.max(...answered).toFixed(2)} ms`
          : `${answered.length}/${telling.length}`;
      cell.title = sent
        .map(({ address, ms, unsent, other }) => {
          const text = unsent ?? (ms === null ? "no answer" : `${ms} ms`);
          return `${address}: ${other === undefined ? text : `${text}, ${other}`}`;
        })
        .join("\n");
    }
  }
  return table;
}

/** @param {string} text */
function headCell(text) {
  const cell = document.createElement("th");
  cell.textContent = text;
  return cell;
}
