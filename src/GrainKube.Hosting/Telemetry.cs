using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace GrainKube.Hosting;

/// <summary>Traces and metrics: OTLP where the standard environment variables ask for it, Prometheus at <c>/metrics</c> always.</summary>
internal static class Telemetry
{
    private const string Everything = "GrainKube.*";

    /// <summary>Somebody wants the traces.</summary>
    public static bool ExportsTraces => Exports || Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") is { Length: > 0 };

    private static bool Exports => Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 };

    public static void Add(IServiceCollection services, string nodeName)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("grainkube", serviceInstanceId: nodeName));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Everything, "Microsoft.Orleans", "Microsoft.AspNetCore.Server.Kestrel").AddRuntimeInstrumentation().AddPrometheusExporter();
            if (Exports)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (ExportsTraces)
        {
            // Every trace is kept unless its client decided otherwise or OTEL_TRACES_SAMPLER says so: that is the library's default.
            telemetry.WithTracing(traces => traces.AddSource(Everything).AddOtlpExporter());
        }
    }

    public static void Map(WebApplication app) => app.MapPrometheusScrapingEndpoint("/metrics");
}
