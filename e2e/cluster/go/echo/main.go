// Command echo answers each request with what it got and who it is, so that a test sees where a request went. What
// it should do besides is asked for in the query: ?status=503, ?waitMs=200, ?burnMs=50 (processor time), and by its
// environment: NAME, PORT, START_SECONDS (until it is healthy). After SIGTERM it ends what it is working on.
package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func number(text string) int {
	value, _ := strconv.Atoi(text)
	return value
}

func answer(response http.ResponseWriter, request *http.Request) {
	query := request.URL.Query()
	time.Sleep(time.Duration(number(query.Get("waitMs"))) * time.Millisecond)
	burnt := time.Now().Add(time.Duration(number(query.Get("burnMs"))) * time.Millisecond)
	for time.Now().Before(burnt) {
	}
	host, _ := os.Hostname()
	response.Header().Set("content-type", "application/json")
	response.Header().Set("x-sluice-replica", host)
	if status := number(query.Get("status")); status != 0 {
		response.WriteHeader(status)
	}
	_ = json.NewEncoder(response).Encode(map[string]any{
		"name": os.Getenv("NAME"), "host": host, "method": request.Method, "path": request.URL.Path,
		"query": request.URL.RawQuery, "headers": request.Header,
	})
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	healthyAt := time.Now().Add(time.Duration(number(os.Getenv("START_SECONDS"))) * time.Second)
	routes := http.NewServeMux()
	routes.HandleFunc("/healthz", func(response http.ResponseWriter, _ *http.Request) {
		if time.Now().Before(healthyAt) {
			http.Error(response, "starting", http.StatusServiceUnavailable)
		}
	})
	routes.HandleFunc("/", answer)
	server := &http.Server{Addr: ":" + port, Handler: routes}
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	go func() {
		if err := server.ListenAndServe(); err != http.ErrServerClosed {
			println(err.Error())
			os.Exit(1)
		}
	}()
	<-stop.Done()
	ending, done := context.WithTimeout(context.Background(), 30*time.Second)
	defer done()
	_ = server.Shutdown(ending)
}
