import type { Metadata } from "next";
import { NotHere } from "#components/trouble/not-here.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl px-4 py-16">
      <NotHere />
    </main>
  );
}
