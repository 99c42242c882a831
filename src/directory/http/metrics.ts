/** What a monitoring system reads of the directory: Prometheus's text format. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { stateKinds } from "../../host/describe-state.js";
import type { Rows } from "../views/rows.js";

export interface Metrics {
  readonly text: () => Promise<string>;
  readonly type: string;
  readonly requested: (route: string, method: string, status: number, seconds: number) => void;
  readonly readVault: (result: "ok" | "failed") => void;
}

/** @param rows undefined while nothing is known yet @param isStale whether Vault does not answer */
export function openMetrics(rows: () => Rows | undefined, isStale: () => boolean): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: "ssh_trust_directory_request_duration_seconds",
    help: "Requests by route, method and status.",
    labelNames: ["route", "method", "status"],
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10],
    registers,
  });
  const reads = new Counter({
    name: "ssh_trust_directory_vault_reads_total",
    help: "Hosts and lists that were read from Vault.",
    labelNames: ["result"],
    registers,
  });
  new Gauge({
    name: "ssh_trust_directory_stale",
    help: "1 where Vault does not answer, so that the last known state is told.",
    registers,
    collect() {
      this.set(isStale() ? 1 : 0);
    },
  });
  new Gauge({
    name: "ssh_trust_directory_age_seconds",
    help: "Age of the oldest part of the overview.",
    registers,
    collect() {
      const known = rows();
      if (known === undefined) this.reset();
      else this.set((Date.now() - known.watched.readAt) / 1000);
    },
  });
  new Gauge({
    name: "ssh_trust_hosts",
    help: "Hosts of the fleet by state.",
    labelNames: ["state"],
    registers,
    collect() {
      this.reset();
      const known = rows();
      if (known === undefined) return;
      for (const kind of stateKinds) this.set({ state: kind }, known.counts.find((each) => each.kind === kind)?.count ?? 0);
    },
  });
  return {
    text: () => registry.metrics(),
    type: registry.contentType,
    requested: (route, method, status, seconds) => {
      requests.observe({ route, method, status: String(status) }, seconds);
    },
    readVault: (result) => {
      reads.inc({ result });
    },
  };
}
