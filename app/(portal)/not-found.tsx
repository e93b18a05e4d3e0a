import { NotHere } from "#components/trouble/not-here.tsx";

export default function NotFound() {
  return <NotHere />;
}
