import type { Metadata } from "next";
import { BarePage } from "#components/trouble/bare-page.tsx";
import { NotHere } from "#components/trouble/not-here.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <BarePage>
      <NotHere />
    </BarePage>
  );
}
