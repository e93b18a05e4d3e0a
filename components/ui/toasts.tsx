"use client";

import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";
import { CircleAlert, CircleCheck, X } from "lucide-react";

type Toast = { id: number; tone: "ok" | "bad"; text: string };
type Say = (text: string, tone?: Toast["tone"]) => void;

const ToastContext = createContext<Say>(() => {});

/** Says a short sentence at the page's edge, aloud too. What went wrong stays until it is closed. */
export function useToast(): Say {
  return useContext(ToastContext);
}

let lastId = 0;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const say = useCallback<Say>((text, tone = "ok") => {
    setToasts((before) => [...before.slice(-3), { id: ++lastId, tone, text }]);
  }, []);
  const close = useCallback((id: number) => setToasts((before) => before.filter((t) => t.id !== id)), []);
  return (
    <ToastContext value={say}>
      {children}
      <div
        role="status"
        aria-live="polite"
        data-print="no"
        className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2"
      >
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={close} />
        ))}
      </div>
    </ToastContext>
  );
}

function ToastCard({ toast, onClose }: { toast: Toast; onClose: (id: number) => void }) {
  useEffect(() => {
    if (toast.tone === "bad") return;
    const timer = setTimeout(() => onClose(toast.id), 6_000);
    return () => clearTimeout(timer);
  }, [toast, onClose]);
  return (
    <div className="pointer-events-auto flex items-start gap-3 rounded-lg border bg-surface p-3 shadow-raised">
      {toast.tone === "ok" ? (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
      ) : (
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      )}
      <p className="min-w-0 flex-1 break-words">{toast.text}</p>
      <button
        type="button"
        aria-label="Dismiss"
        onClick={() => onClose(toast.id)}
        className="text-faint hover:text-ink"
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  );
}
