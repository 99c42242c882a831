/** The small cloud, for tests of it: commands as a person types them, state as its containers say it. */
import { expect } from "@jest/globals";
import { listMachines, type Machine } from "../../lab/cloud/machines.js";
import { containerOf } from "../../lab/cloud/naming.js";
import { openLab } from "../../lab/lab.js";
import { silent } from "../../src/ground/progress.js";
import { readLabSettings } from "../../lab/settings/lab.js";
import { taskInHost as task } from "./in-host.js";
import { docker, labNames, succeeds, type Ran } from "./project.js";

export const lab = openLab(readLabSettings(), silent);
/** The container of a machine. */
export const at = (machine: string): string => containerOf(labNames, machine);
export const cloud = (...args: string[]): Promise<Ran> => task("cloud", args);
export const eve = (...args: string[]): Promise<Ran> => task("eve", args);
export const onLaptop = (command: string): Promise<Ran> => docker("exec", labNames.container("laptop"), "bash", "-lc", command);

export const list = (): Promise<Machine[]> => listMachines(lab);
export const machine = async (name: string): Promise<Machine | undefined> => (await list()).find((each) => each.name === name);

export function expectError({ all, exit }: Ran, code: string, names: string | RegExp, status: 1 | 2 = 1): void {
  expect(all).toMatch(new RegExp(`ssh-trust: error: [\\s\\S]* {2}\\[${code}\\]\\nssh-trust: hint: .+`));
  expect(all).toMatch(names);
  expect(exit).toBe(status);
}

/** A cloud with the machine web, signed, that www leads to; and the machine idle, stopped. */
export async function smallCloud(): Promise<void> {
  const steps: readonly (() => Promise<Ran>)[] = [
    () => task("reset-cloud"),
    () => cloud("launch", "web", "--signed"),
    () => cloud("launch", "idle"),
    () => cloud("stop", "idle"),
    () => cloud("associate", "www", "web"),
  ];
  for (const step of steps) await succeeds(step());
}
