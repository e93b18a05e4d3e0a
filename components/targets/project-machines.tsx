"use client";

import { useState } from "react";
import { count, formatMachineMemory } from "#components/targets/project-words.ts";
import { Disclosure } from "#components/ui/disclosure.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import type { ProjectOffers } from "#lib/targets/gke/project-view.ts";

type Props = Pick<ProjectOffers, "zones" | "machineTypes" | "accelerators">;

/** The machines and GPUs that can be had where nodes are; long, so closed, and found by a part of a name. */
export function ProjectMachines({ zones, machineTypes, accelerators }: Props) {
  const where = zones ? `in ${zones.join(", ")}` : "where nodes are";
  return (
    <Panel title="Machines" about={`Those that can be had ${where}`}>
      <div className="flex flex-col gap-2">
        {accelerators === null ? (
          <p className="text-muted">Which GPUs there are may not be read.</p>
        ) : accelerators.length === 0 ? (
          <p className="text-muted">No GPU can be had there. Other zones or regions may have them.</p>
        ) : (
          <Disclosure title="GPUs" summary={count(accelerators.length, "kind")}>
            <Accelerators list={accelerators} />
          </Disclosure>
        )}
        {machineTypes === null ? (
          <p className="text-muted">Which machine types there are may not be read.</p>
        ) : (
          <Disclosure title="Machine types" summary={String(machineTypes.length)}>
            <MachineTypes list={machineTypes} />
          </Disclosure>
        )}
      </div>
    </Panel>
  );
}

function Accelerators({ list }: { list: NonNullable<Props["accelerators"]> }) {
  return (
    <Table label="GPUs">
      <thead>
        <tr>
          <Th>GPU</Th>
          <Th>Name</Th>
          <Th className="text-right">At most in a node</Th>
        </tr>
      </thead>
      <tbody>
        {list.map(({ name, title, most }) => (
          <Tr key={name}>
            <Td>{title}</Td>
            <Td className="code">{name}</Td>
            <Td className="figures text-right">{most}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

const mostShown = 100;

function MachineTypes({ list }: { list: NonNullable<Props["machineTypes"]> }) {
  const [part, setPart] = useState("");
  const found = list.filter(({ name }) => name.includes(part.trim().toLowerCase()));
  return (
    <div className="flex flex-col gap-3">
      <TextField
        label="Find a machine type"
        mono
        autoComplete="off"
        placeholder="n1-standard"
        className="max-w-xs"
        value={part}
        onChange={(event) => setPart(event.target.value)}
      />
      <p className="text-small text-muted" role="status">
        {found.length > mostShown
          ? `The first ${mostShown} of ${found.length}: type more of the name.`
          : `${found.length} of ${list.length}`}
      </p>
      <Table label="Machine types">
        <thead>
          <tr>
            <Th>Name</Th>
            <Th className="text-right">CPUs</Th>
            <Th className="text-right">Memory</Th>
          </tr>
        </thead>
        <tbody>
          {found.slice(0, mostShown).map(({ name, cpus, memoryMb }) => (
            <Tr key={name}>
              <Td className="code">{name}</Td>
              <Td className="figures text-right">{cpus}</Td>
              <Td className="figures text-right">{formatMachineMemory(memoryMb)}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
