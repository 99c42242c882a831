/** The fleet at a glance: a page of its hosts, searched, narrowed and sorted by the directory. */
import { kindInWords } from "../../host/describe-state.js";
import { markup, type Html } from "../../page/html.js";
import { filters, type Filter, type HostList, type HostSummary, type SortKey } from "../contract.js";
import { hostPath, withQuery } from "./address.js";
import { freshnessNote, notice, renderPage, type Visitor } from "./layout.js";
import { stateMark, timeLeft } from "./state.js";
import { counted, fromNow, nowOf, number, oneLine, when } from "./words.js";

export interface OverviewQuery {
  readonly q: string;
  readonly filter: Filter | undefined;
  readonly group: string | undefined;
  /** A sort key, with "-" before it for the other way round. */
  readonly sort: string;
  /** Hosts on a page. */
  readonly size: number;
}

export interface OverviewView extends Visitor {
  readonly list: HostList;
  readonly query: OverviewQuery;
  /** The groups of the fleet file. */
  readonly groups: readonly string[];
  /** Of the whole fleet. */
  readonly counts: readonly { readonly kind: HostSummary["state"]["kind"]; readonly count: number }[];
}

type Content = Omit<OverviewView, keyof Visitor>;

/** What an address leaves out. */
const usual = { sort: "name", size: 50 };

/** @param main its content, where that was made before */
export const renderOverviewPage = (view: OverviewView, main = renderOverview(view)): string =>
  renderPage({ title: "Fleet", here: "fleet", path: address(view.query, { page: view.list.page }), visitor: view, main });

/** The content of the page, the same for all who ask the same. */
export function renderOverview(view: Content): Html {
  const { list, query } = view;
  const all = view.counts.reduce((sum, { count }) => sum + count, 0);
  return markup`<div class="head">
        <h1>Fleet</h1>
        ${freshnessNote(list)}
      </div>
      ${list.complete ? "" : starting()} ${counts(view, all)} ${search(view)} ${filterLinks(query)}
      ${list.hosts.length === 0 ? nothing(view, all) : markup`${table(view)} ${paging(view)}`}`;
}

const starting = () =>
  notice(
    "plain",
    markup`<p>
      <strong>Not every host has been read yet.</strong> The directory has just started. Until then, hosts may be missing here and the numbers
      may be too low. Reload the page in a moment.
    </p>`,
  );

/** @param change what is other than now; a changed search begins on the first page */
function address(query: OverviewQuery, change: Partial<OverviewQuery> & { readonly page?: number } = {}): string {
  const { q, filter, group, sort, size, page = 1 } = { ...query, ...change };
  return withQuery("/", {
    q,
    filter,
    group,
    sort: sort === usual.sort ? undefined : sort,
    size: size === usual.size ? undefined : size,
    page: page === 1 ? undefined : page,
  });
}

const counts = ({ counts: each }: Content, all: number): Html =>
  markup`<ul class="counts" aria-label="Hosts by state">
    <li><strong>${number(all)}</strong> ${all === 1 ? "host" : "hosts"}</li>
    ${each.filter(({ count }) => count > 0).map(({ kind, count }) => markup`<li><strong>${number(count)}</strong> ${stateMark(kind, kindInWords[kind])}</li> `)}
  </ul>`;

function search({ query, groups }: Content): Html {
  const option = (value: string, name: string) =>
    markup`<option value="${oneLine(value, 80)}"${value === (query.group ?? "") ? markup` selected` : ""}>${oneLine(name, 80)}</option>`;
  const kept = {
    filter: query.filter,
    sort: query.sort === usual.sort ? undefined : query.sort,
    size: query.size === usual.size ? undefined : query.size,
  };
  return markup`<form class="search" method="get" action="/" role="search">
    <p>
      <label for="q">Name or group</label>
      <input id="q" name="q" type="search" value="${oneLine(query.q, 300)}" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="part of it" />
    </p>
    <p>
      <label for="group">Group</label>
      <select id="group" name="group">
        ${option("", "all groups")} ${groups.map((name) => option(name, name))}
      </select>
    </p>
    ${Object.entries(kept).map(([name, value]) => (value === undefined ? markup`` : markup`<input type="hidden" name="${name}" value="${oneLine(String(value), 80)}" />`))}
    <button type="submit">Search</button>
  </form>`;
}

const filterNames: Readonly<Record<Filter, readonly [name: string, about: string]>> = {
  expiring: ["Expiring", "hosts whose certificate ends soon or has ended"],
  uncertified: ["Uncertified", "hosts without a valid certificate"],
  stale: ["Stale", "hosts that Vault has not heard of for long, or never"],
  failing: ["Failing", "hosts that report a problem or cannot be read"],
};

const filterLinks = (query: OverviewQuery): Html =>
  markup`<nav class="filters" aria-label="Show only">
    <ul>
      ${[undefined, ...filters].map((filter) => {
        const [name, about] = filter === undefined ? ["All", "hosts in every state"] : filterNames[filter];
        const here = filter === query.filter ? markup` aria-current="true"` : "";
        return markup`<li><a href="${address(query, { filter })}" title="${about}"${here}>${name}</a></li> `;
      })}
    </ul>
    ${query.filter === undefined ? "" : markup`<p>Only ${filterNames[query.filter][1]}.</p>`}
  </nav>`;

function nothing({ query, list }: Content, all: number): Html {
  const isNarrowed = query.q !== "" || query.filter !== undefined || query.group !== undefined;
  if (!isNarrowed && all === 0) {
    if (!list.complete) return markup`<p class="nothing">No host has been read yet.</p>`;
    return markup`<p class="nothing">The fleet has no hosts yet. An operator adds one with <code>ssh-trust host add NAME</code>.</p>`;
  }
  const everything = address({ ...usual, q: "", filter: undefined, group: undefined });
  return markup`<p class="nothing">
    ${list.total > 0 ? `There is no page ${number(list.page)}.` : "No host matches."} <a href="${everything}">Show all ${number(all)}</a>
  </p>`;
}

const columns: readonly (readonly [name: string, key: SortKey | undefined])[] = [
  ["Name", "name"],
  ["Group", "group"],
  ["State", "state"],
  ["Certificate", "expires"],
  ["Keys", undefined],
  ["Last seen", "seen"],
];

function table({ list, query }: Content): Html {
  const now = nowOf(list);
  const first = (list.page - 1) * query.size + 1;
  const shown = `${number(first)}–${number(first + list.hosts.length - 1)} of ${counted(list.total, "host")}`;
  return markup`<table class="hosts${list.stale ? " stale" : ""}">
    <caption>
      ${shown}${list.stale ? ", as last known" : ""}
    </caption>
    <thead>
      <tr>
        ${columns.map(([name, key]) => (key === undefined ? markup`<th scope="col">${name}</th>` : sortable(name, key, query)))}
      </tr>
    </thead>
    <tbody>
      ${list.hosts.map((host) => row(host, now))}
    </tbody>
  </table>`;
}

function sortable(name: string, key: SortKey, query: OverviewQuery): Html {
  const up = query.sort === key;
  const down = query.sort === `-${key}`;
  const order = up ? markup` aria-sort="ascending"` : down ? markup` aria-sort="descending"` : "";
  const arrow = up || down ? markup` <span aria-hidden="true">${up ? "↑" : "↓"}</span>` : "";
  return markup`<th scope="col"${order}><a href="${address(query, { sort: up ? `-${key}` : key })}">${name}${arrow}</a></th>`;
}

/** In a row, texts are cut: the host's own page has the whole. */
const most = 120;

function row({ name, group, state, certificate, keyTypes, seen }: HostSummary, now: number): Html {
  // What the column beside it says is not said twice.
  const text = state.kind === "certified" ? kindInWords.certified : state.text;
  const types = keyTypes.slice(0, 6).map((type) => oneLine(type, 24));
  const more = keyTypes.length > types.length ? [`${String(keyTypes.length - types.length)} more`] : [];
  return markup`<tr>
<th scope="row"><a href="${hostPath(name.slice(0, 253))}">${oneLine(name, 253)}</a></th>
<td data-label="Group">${group === null ? markup`<span class="none">none</span>` : oneLine(group, 63)}</td>
<td data-label="State">${stateMark(state.kind, text, most)}</td>
<td data-label="Certificate">${certificate === null ? markup`<span class="none">none that is valid</span>` : timeLeft(certificate, now)}</td>
<td data-label="Keys">${types.length === 0 ? markup`<span class="none">none</span>` : [...types, ...more].join(", ")}</td>
<td data-label="Last seen">${seen === null ? markup`<span class="none">never</span>` : fromNow(seen, now)}</td>
</tr>
`;
}

function paging({ list, query }: Content): Html {
  const { page, pages } = list;
  const step = (to: number, name: string, rel?: "prev" | "next") =>
    to < 1 || to > pages || to === page
      ? markup`<li><span class="off">${name}</span></li> `
      : markup`<li><a href="${address(query, { page: to })}"${rel === undefined ? "" : markup` rel="${rel}"`}>${name}</a></li> `;
  const other = query.size === usual.size ? 100 : usual.size;
  return markup`<nav class="paging" aria-label="Pages">
    ${when(
      pages > 1,
      () => markup`<ul>
        ${step(1, "First")} ${step(page - 1, "Previous", "prev")}
        <li><span aria-current="page">Page ${number(page)} of ${number(pages)}</span></li>
        ${step(page + 1, "Next", "next")} ${step(pages, "Last")}
      </ul>`,
    )}
    ${when(list.total > usual.size, () => markup`<p><a href="${address(query, { size: other })}">${other} on a page</a></p>`)}
  </nav>`;
}
