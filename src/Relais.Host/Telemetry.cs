using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Relais.Host;

/// <summary>Metrics for Prometheus at /metrics, and traces and metrics over OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set.</summary>
internal static class Telemetry
{
    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "Relais.Access", "Relais.Desktops", "Relais.Gateway", "Relais.Traffic"];

    public static void Add(WebApplicationBuilder builder)
    {
        var exported = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("relais"))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddRuntimeInstrumentation().AddPrometheusExporter();
                if (exported)
                    metrics.AddOtlpExporter();
            })
            .WithTracing(traces =>
            {
                // Before the exporter.
                traces.AddAspNetCoreInstrumentation().AddNpgsql().AddProcessor<SpansWithoutSecrets>();
                if (exported)
                    traces.AddOtlpExporter();
            });

        builder.Services.AddSingleton<IExternalScopeProvider, ScopesWithoutSecrets>();
        // One JSON object a line: what a log collector reads without a grammar.
        if (!builder.Environment.IsDevelopment())
        {
            builder.Logging.ClearProviders();
            builder.Logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                json.IncludeScopes = true;
            });
        }

        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // The gateway says in one line of its own what failed.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
    }

    /// <summary>Metrics are for the machine itself, unless the operator names a network that may read them.</summary>
    public static void Map(WebApplication app) =>
        app.MapPrometheusScrapingEndpoint("/metrics").AddEndpointFilter(async (call, next) =>
            call.HttpContext.Connection.RemoteIpAddress is { } from && System.Net.IPAddress.IsLoopback(from) ? await next(call) : Results.NotFound()).AllowAnonymous();
}
